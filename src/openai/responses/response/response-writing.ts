import { createId } from '../../../base/ids.ts';
import type { JsonObject } from '../../../base/json.ts';
import type { AnswerEvent } from '../../../conversation/turn-event.ts';
import type { ResponseStyle } from '../request/style.ts';

/** What a response is known by before anything is known of its answer. */
export interface ResponseEnvelope {
  /** `resp_…` */
  readonly id: string;
  /** Unix seconds. */
  readonly createdAt: number;
  /** As the caller asked for it. */
  readonly model: string;
}

export function createResponseEnvelope(model: string): ResponseEnvelope {
  return { id: createId('resp_'), createdAt: Math.floor(Date.now() / 1000), model };
}

/** An answer about to be written. */
export interface ResponseWriting {
  /** The one that the turn runs with. */
  readonly serviceTier: string;
  /** The one that counts; null where nobody knows. */
  readonly reasoningEffort: string | null;
  readonly events: AsyncIterable<{ readonly index: number; readonly value: AnswerEvent }>;
}

export interface ResponseOptions {
  readonly envelope: ResponseEnvelope;
  readonly style: ResponseStyle;
  /**
   * Keeps the response as it stands, with everything in it that may be asked for later. Whoever reads the event that
   * tells of a status can rely on it: the event waits for this. Resolves to the body to tell where that is another one.
   */
  readonly onStatus?: ((body: JsonObject) => Promise<JsonObject | void>) | undefined;
}
