import type { JsonObject } from '../../base/json.ts';
import { runInSlices } from '../../base/async/steps.ts';
import type { ResponseStatus, Store, StoredResponse } from '../../conversation/ports/store.ts';
import type { Answer, Gateway } from '../../gateway/gateway.ts';
import { keepResponse } from '../../gateway/state/keep-response.ts';
import { createMemory, hasAnswered, type OwnResponses } from '../../gateway/state/memory.ts';
import type { Unseal } from '../../conversation/ports/sealing.ts';
import {
  decodeResponsesRequest,
  type ResponsesPolicy,
  type ResponsesRequest,
} from '../../openai/responses/request/decode.ts';
import { collectResponse, type CollectedResponse } from '../../openai/responses/response/collect-response.ts';
import { encodeResponseStream } from '../../openai/responses/response/encode-stream.ts';
import {
  createResponseEnvelope,
  type ResponseEnvelope,
} from '../../openai/responses/response/response-writing.ts';
import { readReferences } from '../../openai/items/read-references.ts';
import type { ResponseStream } from '../../openai/responses/output/response-event.ts';

/** Reads and answers requests of the Responses API, whatever they came by. */
export interface Responder {
  /** Reads a request and recalls what it refers to; rejects with a `GatewayError`, or with the signal's reason. */
  prepare(body: unknown, asked: AskedResponse, signal: AbortSignal): Promise<PreparedResponse>;
}

/** What is known of a request beside its body. */
interface AskedResponse {
  /** Of the request or of the set-up. */
  readonly strict: boolean;
  /** Responses that only the WebSocket knows on which the request has come; absent for another request. */
  readonly own?: OwnResponses;
}

/** A request that can be answered. */
export interface PreparedResponse extends ResponsesRequest {
  /** What is known of the response before it begins. */
  createHead(): ResponseEnvelope;
  /** `onPlace` is called when the answer has its place among the turns that run. */
  start(signal: AbortSignal, onPlace?: () => void): Promise<Answer>;
  /** Stores the response where that is asked for. */
  readonly save: Keep;
  /** Tells an answer, in one of two ways. `keep` takes up each state of it before its client hears of that. */
  tell(head: ResponseEnvelope, answer: Promise<Answer>, keep?: Keep): ToldResponse;
}

export type Keep = (response: StoredResponse) => Promise<unknown>;

interface ToldResponse {
  /** `onFailure` hears of what the client is told of within the stream. */
  stream(onFailure: (error: unknown) => void): ResponseStream;
  whole(onFailure: (error: unknown) => void): CollectedResponse;
}

export interface ResponderOptions {
  readonly gateway: Gateway;
  readonly store: Store | undefined;
  readonly policy: ResponsesPolicy;
  readonly unseal: Unseal;
}

export function createResponder({ gateway, store, policy, unseal }: ResponderOptions): Responder {
  /** Of responses that have ended well: one that is told again, by its key, may have been deleted since. */
  const ended = new WeakSet<ResponseEnvelope>();

  return {
    async prepare(body, { strict, own }, signal) {
      const references = readReferences(body);
      const recollection = await createMemory(store, own).recall(references);
      const asked = { ...policy, strict, socket: own !== undefined };
      const decoding = decodeResponsesRequest(body, asked, recollection, unseal);
      const decoded = await runInSlices(decoding, signal);
      const { request, style, input, background } = decoded;
      const { previousId, conversationId } = references;

      const isKept = decoded.store || conversationId !== undefined;
      const save: Keep = async (response) => {
        if (response.status === 'queued') await store?.checkWritable();
        await keepResponse(store, response, decoded.store);
      };

      return {
        ...decoded,
        save,
        createHead: () => createResponseEnvelope(request.turn.model),
        async start(signal, onPlace) {
          // What cannot be stored is refused before the model is asked; one in the background is stored by now.
          if (isKept && !background) await store?.checkWritable();
          return await gateway.answer(request, signal, onPlace);
        },
        tell(head, answer, keep = save) {
          const { id, createdAt } = head;
          const optionsFor = (onFailure: (error: unknown) => void) => ({
            envelope: head,
            style,
            onFailure,
            async onStatus(body: JsonObject) {
              if (ended.has(head)) return undefined;
              const status = body.status as ResponseStatus;
              const response = { id, status, body, input, previousId, conversationId, background, createdAt };
              const told = await keepOrMark(response, keep, onFailure);
              if (told === undefined && hasAnswered(response)) ended.add(head);
              return told;
            },
          });
          return {
            stream: (onFailure) => encodeResponseStream(answer, optionsFor(onFailure)),
            whole: (onFailure) => collectResponse(answer, optionsFor(onFailure)),
          };
        },
      };
    },
  };
}

/**
 * Keeps a response. An answer that cannot be kept reaches its caller, who has paid for it, all the same: resolves to its body,
 * marked as not stored.
 */
async function keepOrMark(
  response: StoredResponse,
  keep: Keep,
  onFailure: (error: unknown) => void,
): Promise<JsonObject | undefined> {
  try {
    await keep(response);
    return undefined;
  } catch (error) {
    if (response.background || !hasAnswered(response)) throw error;
    onFailure(error);
    const { body } = response;
    return { ...body, store: false, ...('conversation' in body && { conversation: null }) };
  }
}
