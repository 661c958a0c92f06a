import type { JsonObject } from '../../base/json.ts';
import type { Log } from '../../base/log.ts';
import type { ConnectionMemory } from '../../gateway/state/connection-memory.ts';
import type { Gateway } from '../../gateway/gateway.ts';
import { hasAnswered } from '../../gateway/state/memory.ts';
import { warmUp } from '../../gateway/warm-up.ts';
import type { CreateEvent } from '../../openai/responses/request/decode-client-event.ts';
import { encodeSocketError, inLane } from '../../openai/responses/response/encode-server-event.ts';
import type { ResponseEvent, ResponseStream } from '../../openai/responses/output/response-event.ts';
import type { Keep, PreparedResponse, Responder } from '../openai/responder.ts';
import { createRequestRecord, type RequestRecord } from '../requests/request-record.ts';
import { withDeployment } from '../requests/with-deployment.ts';
import { withKeepAlive } from '../edge/with-keep-alive.ts';
import { StalledReaderError } from '../edge/write-text.ts';

export interface AnswerCreateOptions {
  readonly responder: Responder;
  readonly gateway: Pick<Gateway, 'settle'>;
  readonly log: Log;
  readonly memory: ConnectionMemory;
  /** Of the connection. */
  readonly requestId: string;
  /** Name of the client's program. */
  readonly client: string | undefined;
  readonly strict: boolean;
  /** The model that the path names, as Azure's paths do. */
  readonly deployment: string | undefined;
  /** Aborts when the client is gone or the server gives up on it. */
  readonly signal: AbortSignal;
  /** Milliseconds of silence between events that only show that a response is alive. */
  readonly heartbeat: number;
  /** Rejects when the client does not read. */
  send(message: JsonObject): Promise<void>;
}

/** Answers one request of a connection to its end; rejects only when the client does not read. */
export function createAnswerCreate(options: AnswerCreateOptions): (event: CreateEvent) => Promise<void> {
  const { responder, gateway, log, memory, requestId, client, strict, deployment, signal, heartbeat, send } =
    options;

  /** Resolves to the event that ended the response. */
  async function respond(
    { body: given, streamId }: CreateEvent,
    previousId: string | undefined,
    record: RequestRecord,
  ) {
    const body = withDeployment(given, deployment);
    const asked = { strict, own: memory.knownTo(previousId) };
    const prepared = await responder.prepare(body, asked, signal);
    const head = prepared.createHead();
    record.note({ response: head.id });
    record.noteNotices(prepared.compatibility, prepared.partNames);
    // A signal of its own: what still listens to it goes with the response, and not with the connection.
    const turn = AbortSignal.any([signal]);
    const answer = prepared.warmUp ? warmUp(gateway, prepared.request, turn) : prepared.start(turn);
    const told = prepared.tell(head, record.watch(answer), keepFor(memory, prepared, streamId));
    return await pass(told.stream(record.fail), streamId);
  }

  async function pass(stream: ResponseStream, streamId: string | undefined): Promise<JsonObject> {
    let last: JsonObject = {};
    const beats = { interval: heartbeat, beat: () => stream.heartbeat() };
    for await (const events of withKeepAlive(oneByOne(stream.events), beats)) {
      for (const event of events) {
        await send(inLane(event, streamId));
        last = event;
      }
    }
    return last;
  }

  return async (event) => {
    const record = createRequestRecord(log, requestId);
    const request = { method: 'WS', path: '/v1/responses' };
    record.note({ ...request, stream: true });
    log.observe({ type: 'request-begin', id: requestId, ...request });
    const previousId = idIn(event.body.previous_response_id);
    let outcome: string;
    try {
      outcome = String((await respond(event, previousId, record)).type);
    } catch (error) {
      if (error instanceof StalledReaderError) throw error;
      outcome = signal.aborted ? 'aborted' : 'failed';
      record.fail(error);
      await send(inLane(encodeSocketError(error), event.streamId));
    }
    const isGood = outcome === 'response.completed' || outcome === 'response.incomplete';
    // It may be what the failure came of.
    if (!isGood && previousId !== undefined) memory.evict(previousId);
    record.endResponse(outcome.replace(/^response\./, ''), client);
  };
}

/** What is not stored is known here, and what goes on with something that is not stored: the store lacks its beginning. */
function keepFor(memory: ConnectionMemory, prepared: PreparedResponse, streamId: string | undefined): Keep {
  return async (response) => {
    const saving = prepared.save(response);
    const isSaved = await saving.then(
      () => prepared.store,
      () => false,
    );
    const { previousId } = response;
    const isOfOurs = previousId !== undefined && memory.knownTo(previousId).has(previousId);
    if (hasAnswered(response) && (!isSaved || isOfOurs)) memory.keep(response, streamId);
    await saving;
  };
}

function idIn(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

async function* oneByOne(events: AsyncIterable<ResponseEvent>): AsyncGenerator<readonly ResponseEvent[]> {
  for await (const event of events) yield [event];
}
