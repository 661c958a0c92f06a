import { isJsonObject, type JsonObject } from '../../base/json.ts';
import type { Observer } from '../../base/observation.ts';
import { warmUp, type Gateway } from '../../gateway/gateway.ts';
import type { ConnectionHistory } from '../../gateway/state/connection-history.ts';
import type { BackendName } from '../../gateway/models/model-directory.ts';
import { hasAnswered } from '../../gateway/state/response-history.ts';
import type { ResponseStream } from '../../openai/responses/output/response-event.ts';
import type { CreateEvent } from '../../openai/responses/request/decode-client-event.ts';
import { encodeSocketError, withStreamId } from '../../openai/responses/response/encode-error.ts';
import { withKeepAlive } from '../edge/keep-alive.ts';
import { StalledReaderError } from '../edge/write-text.ts';
import { backendFor, type BackendDirectory } from '../openai/request/choose-backend.ts';
import { withDeployment } from '../openai/request/deployment.ts';
import type {
  PreparedResponse,
  PrepareResponse,
  SaveResponse,
} from '../openai/responses/prepare-response.ts';
import { createRequestRecord, type RequestRecord } from '../requests/request-record.ts';

export interface AnswerCreateOptions {
  readonly prepareResponse: PrepareResponse;
  readonly gateway: Pick<Gateway, 'resolveRequest'>;
  readonly models: BackendDirectory;
  readonly observer: Observer;
  readonly history: ConnectionHistory;
  /** Id of the request that opened the connection. */
  readonly requestId: string;
  /** Id of the caller. */
  readonly caller: string | undefined;
  /** Counts a request of the caller; rejects if the token does not hold any more, or is over its limit. */
  enter(): Promise<void>;
  /** Name of the caller's token. */
  readonly key: string | undefined;
  /** Name of the client's program. */
  readonly client: string | undefined;
  readonly strict: boolean;
  /** The model that the path names, as Azure's paths do. */
  readonly deployment: string | undefined;
  /** Aborts when the client is gone or the server gives up on it. */
  readonly signal: AbortSignal;
  /** Silence before an event is sent that only shows that the response is alive. */
  readonly heartbeatMs: number;
  /** Sends messages together; rejects when the client does not read. */
  send(messages: readonly JsonObject[]): Promise<void>;
}

/** Answers one request of a connection to its end; rejects only when the client does not read. */
export function createAnswerCreate(options: AnswerCreateOptions): (event: CreateEvent) => Promise<void> {
  const { prepareResponse, gateway, models, history, client, signal } = options;
  const { caller, strict, deployment, enter, send } = options;

  /** Responds by Codex, and resolves to the outcome of the response. */
  async function respondByCodex(
    { body, streamId }: CreateEvent,
    previousId: string | undefined,
    record: RequestRecord,
  ): Promise<string> {
    const source = { caller, strict, own: history.responsesFor(previousId) };
    const prepared = await prepareResponse(body, source, signal);
    const head = prepared.createHead();
    record.note({ response: head.id });
    record.noteNotices(prepared.compatibility, prepared.paramNames);
    // A signal of its own, so that its listeners end with the response and not with the connection.
    const ownSignal = AbortSignal.any([signal]);
    const answer = prepared.warmUp ? warmUp(gateway, prepared.request, ownSignal) : prepared.start(ownSignal);
    const stream = prepared.encodeStream({
      head,
      answer: record.watch(answer),
      saveState: saveFor(history, prepared, streamId),
      onFailure: record.fail,
    });
    return await sendEvents(stream, streamId, options);
  }

  const respondBy: Readonly<Record<BackendName, typeof respondByCodex>> = { codex: respondByCodex };

  async function respond(event: CreateEvent, previousId: string | undefined, record: RequestRecord) {
    const body = withDeployment(event.body, deployment);
    const backend = await backendFor(models, body, signal);
    return await respondBy[backend]({ ...event, body }, previousId, record);
  }

  return async (event) => {
    const record = beginRecord(options);
    const previousId = idIn(event.body.previous_response_id);
    let outcome: string;
    try {
      await enter();
      outcome = await respond(event, previousId, record);
    } catch (error) {
      outcome = signal.aborted ? 'aborted' : 'failed';
      record.fail(error);
      if (error instanceof StalledReaderError) {
        record.endResponse(outcome, client);
        throw error;
      }
      await send([withStreamId(encodeSocketError(error), event.streamId)]);
    }
    const isGood = outcome === 'completed' || outcome === 'incomplete';
    // The previous response may be the cause of the failure.
    if (!isGood && previousId !== undefined) history.evict(previousId);
    record.endResponse(outcome, client);
  };
}

/** Begins the record of one request. */
function beginRecord({ observer, requestId: id, key, client }: AnswerCreateOptions): RequestRecord {
  const record = createRequestRecord(observer, id);
  const request = { method: 'WS', path: '/v1/responses' };
  record.note({ ...request, route: request.path, stream: true });
  observer.observe({ type: 'request-begin', id, client, ...request });
  if (key !== undefined) record.noteCaller(key);
  return record;
}

/** Sends the events of a response, with heartbeats between them, and resolves to its last status. */
async function sendEvents(
  stream: ResponseStream,
  streamId: string | undefined,
  { heartbeatMs, send }: AnswerCreateOptions,
): Promise<string> {
  let last: JsonObject = {};
  const keepAlive = { intervalMs: heartbeatMs, beat: () => stream.heartbeat() };
  for await (const events of withKeepAlive(stream.events, keepAlive)) {
    await send(events.map((event) => withStreamId(event, streamId)));
    last = events.at(-1) ?? last;
  }
  return isJsonObject(last.response) ? String(last.response.status) : 'failed';
}

/**
 * Returns how the states of a response are saved: in the store if the request asks for that, and in the history of the
 * connection if it is not stored, or if the response before it is there, since the store lacks the beginning then.
 */
function saveFor(
  history: ConnectionHistory,
  prepared: PreparedResponse,
  streamId: string | undefined,
): SaveResponse {
  return async (response) => {
    const saving = prepared.save(response);
    const isStored = await saving.then(
      () => prepared.store,
      () => false,
    );
    const { previousId } = response;
    const continuesOwn = previousId !== undefined && history.responsesFor(previousId).has(previousId);
    if (hasAnswered(response) && (!isStored || continuesOwn)) history.add(response, streamId);
    await saving;
  };
}

function idIn(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
