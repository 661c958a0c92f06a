import { setTimeout as sleep } from 'node:timers/promises';
import { EventSourceParserStream } from 'eventsource-parser/stream';
import { isJsonObject, type JsonObject } from '../../base/json.ts';
import { messageOf, StartupError } from '../../base/errors.ts';

/** An event as the gateway sends it. */
export interface SentEvent extends JsonObject {
  readonly type: string;
}

/** Attempts to take up a broken stream, and milliseconds before the first; each further one waits longer. */
const ATTEMPTS = 5;
const RETRY_MS = 300;

/**
 * Yields the events of a stream without an end; one that breaks is taken up again after its last event. Rejects with a
 * `StartupError` if that fails again and again.
 * @param open Opens the stream after the event with this id.
 */
export async function* followStream(
  first: Response,
  open: (lastId: number) => Promise<Response>,
  signal: AbortSignal,
): AsyncGenerator<SentEvent> {
  let lastId = 0;
  let stream: Response | undefined = first;
  let problem: unknown;
  for (let failures = 0; failures < ATTEMPTS; failures += 1) {
    try {
      stream ??= await open(lastId);
      for await (const { id, event } of readEvents(stream, lastId)) {
        lastId = Math.max(id, lastId);
        failures = 0;
        yield event;
      }
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof StartupError) throw error;
      problem = error;
    }
    stream = undefined;
    await sleep((failures + 1) * RETRY_MS, undefined, { signal });
  }
  const why = problem === undefined ? '' : ` (${messageOf(problem)})`;
  const message = `The gateway breaks off the events of the session again and again${why}.`;
  throw new StartupError(message, { cause: problem });
}

/** Yields what comes after an event: a stream that is taken up again may repeat some. */
async function* readEvents(
  { body }: Response,
  after: number,
): AsyncGenerator<{ id: number; event: SentEvent }> {
  const parsed = body!.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
  for await (const { id: idText, data } of parsed) {
    const id = Number(idText ?? 0);
    const event: unknown = JSON.parse(data);
    if (isSentEvent(event) && (id > after || event.type === 'resync')) yield { id, event };
  }
}

function isSentEvent(value: unknown): value is SentEvent {
  return isJsonObject(value) && typeof value.type === 'string';
}
