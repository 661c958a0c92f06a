import { runInSlices } from '../../../base/async/steps.ts';
import type { JsonObject } from '../../../base/json.ts';
import type { Unseal } from '../../../conversation/ports/sealing.ts';
import type { ResponseStatus, Store, StoredResponse } from '../../../conversation/ports/store.ts';
import type { Answer, Asker, Gateway } from '../../../gateway/gateway.ts';
import type { Reservation } from '../../../gateway/turn/admission.ts';
import {
  keepResponse,
  createResponseHistory,
  hasAnswered,
  type ConnectionResponses,
} from '../../../gateway/state/response-history.ts';
import { readReferences } from '../../../openai/items/read-references.ts';
import type { ResponseStream } from '../../../openai/responses/output/response-event.ts';
import {
  decodeResponsesRequest,
  type ResponsesPolicy,
  type ResponsesRequest,
} from '../../../openai/responses/request/decode.ts';
import {
  collectResponse,
  type CollectedResponse,
} from '../../../openai/responses/response/collect-response.ts';
import { encodeResponseStream } from '../../../openai/responses/response/encode-stream.ts';
import {
  createResponseEnvelope,
  type ResponseEnvelope,
} from '../../../openai/responses/response/response-options.ts';

/**
 * Decodes a request of the Responses API, from HTTP or a WebSocket, together with what it refers to; rejects with a
 * `GatewayError` or with the signal's reason.
 */
export type PrepareResponse = (
  body: unknown,
  source: RequestSource,
  signal: AbortSignal,
) => Promise<PreparedResponse>;

interface RequestSource {
  /** Id of the caller. */
  readonly caller?: string | undefined;
  /** Set if the settings or the request's header ask for strictness. */
  readonly strict: boolean;
  /** Responses that only this WebSocket connection knows; undefined for a request over HTTP. */
  readonly own?: ConnectionResponses;
}

/** A decoded request, with everything that its answer takes. */
export interface PreparedResponse extends ResponsesRequest {
  createHead(): ResponseEnvelope;
  /** Asks the model. */
  start(signal: AbortSignal, asker?: Omit<Asker, 'caller' | 'isSeparate'>): Promise<Answer>;
  /** Admits the request ahead of `start`, or throws. The reservations must be passed on or cancelled. */
  reserve(): readonly Reservation[];
  /** Stores a response if the request asks for that. */
  readonly save: SaveResponse;
  encodeStream(running: RunningResponse): ResponseStream;
  encodeJson(running: RunningResponse): CollectedResponse;
}

export type SaveResponse = (response: StoredResponse) => Promise<unknown>;

/** A response that is being answered. */
export interface RunningResponse {
  readonly head: ResponseEnvelope;
  readonly answer: Promise<Answer>;
  /** Saves each state of the response before its client learns of it. */
  readonly saveState: SaveResponse;
  /** Called with a failure that the client reads inside the response. */
  onFailure(error: unknown): void;
}

export interface PrepareOptions {
  readonly gateway: Pick<Gateway, 'answer' | 'reserve'>;
  readonly store: Store | undefined;
  readonly policy: ResponsesPolicy;
  readonly unseal: Unseal;
}

export function createPrepareResponse({ gateway, store, policy, unseal }: PrepareOptions): PrepareResponse {
  /** Responses whose end was saved. A replay by `Idempotency-Key` must not save one again: it may have been deleted. */
  const saved = new WeakSet<ResponseEnvelope>();

  return async (body, { caller, strict, own }, signal) => {
    const references = readReferences(body);
    const resolved = await createResponseHistory(store, own).resolve(references);
    const requestPolicy = { ...policy, strict, socket: own !== undefined };
    const decoded = await runInSlices(decodeResponsesRequest(body, requestPolicy, resolved, unseal), signal);
    const { request, presentation, input, background } = decoded;
    const { previousId, conversationId } = references;
    const isStored = decoded.store || conversationId !== undefined;

    // Each state of a response is saved before its event is sent:
    //
    //   onStatus    called by ../../../openai/responses/response/write-response.ts; skips a replay
    //   saveOrMark  lets an answer that cannot be saved go on to its client, marked as not stored
    //   saveState   of the running response: by HTTP, by a WebSocket, or in the background
    //   save        of the prepared response, below: into the store, if the request asks for that
    function encodingOptions({ head, saveState, onFailure }: RunningResponse) {
      const { id, createdAt } = head;
      async function onStatus(body: JsonObject): Promise<JsonObject | undefined> {
        if (saved.has(head)) return undefined;
        const status = body.status as ResponseStatus;
        const response = { id, status, body, input, previousId, conversationId, background, createdAt };
        const marked = await saveOrMark(response, saveState, onFailure);
        if (marked === undefined && hasAnswered(response)) saved.add(head);
        return marked;
      }
      return { envelope: head, presentation, onFailure, onStatus };
    }

    return {
      ...decoded,
      createHead: () => createResponseEnvelope(request.turn.model),
      reserve: () => gateway.reserve(caller, request.n),
      async start(signal, asker) {
        // Refused before the model is asked if it cannot be stored; a background response is stored by now.
        if (isStored && !background) await store?.checkWritable();
        return await gateway.answer(request, signal, { ...asker, caller });
      },
      async save(response) {
        if (response.status === 'queued') await store?.checkWritable();
        await keepResponse(store, response, decoded.store);
      },
      encodeStream: (running) => encodeResponseStream(running.answer, encodingOptions(running)),
      encodeJson: (running) => collectResponse(running.answer, encodingOptions(running)),
    };
  };
}

/**
 * Saves a response. The caller has paid for an answer and gets it even if it cannot be saved: then this resolves to a body
 * that says so.
 */
async function saveOrMark(
  response: StoredResponse,
  saveState: SaveResponse,
  onFailure: (error: unknown) => void,
): Promise<JsonObject | undefined> {
  try {
    await saveState(response);
    return undefined;
  } catch (error) {
    if (response.background || !hasAnswered(response)) throw error;
    onFailure(error);
    const { body } = response;
    return { ...body, store: false, ...('conversation' in body && { conversation: null }) };
  }
}
