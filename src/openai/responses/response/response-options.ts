import { createId } from '../../../base/ids.ts';
import type { JsonObject } from '../../../base/json.ts';
import type { AnswerBatch } from '../../../conversation/turn-event.ts';
import type { ResponsePresentation } from '../request/decode.ts';

/** Facts about a response that are known before its answer begins. */
export interface ResponseEnvelope {
  /** `resp_…` */
  readonly id: string;
  /** Unix time in seconds. */
  readonly createdAt: number;
  /** The model's id as the caller sent it. */
  readonly model: string;
}

export function createResponseEnvelope(model: string): ResponseEnvelope {
  return { id: createId('resp_'), createdAt: Math.floor(Date.now() / 1000), model };
}

/** An answer that has begun. */
export interface ResponseAnswer {
  /** The service tier with which the turn runs. */
  readonly serviceTier: string;
  /** The effort with which the model reasons; null if unknown. */
  readonly reasoningEffort: string | null;
  readonly events: AsyncIterable<AnswerBatch>;
}

export interface ResponseOptions {
  readonly envelope: ResponseEnvelope;
  readonly presentation: ResponsePresentation;
  /**
   * Stores the complete response. The event that reports a status waits for this, so that its reader can rely on it. Resolves to
   * another response if that one is to be sent.
   */
  readonly onStatus?: ((response: JsonObject) => Promise<JsonObject | void>) | undefined;
  /** Receives a failure that is reported to the client inside the response. */
  readonly onFailure?: ((error: unknown) => void) | undefined;
}
