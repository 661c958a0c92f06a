import type { ChangeName } from '../../sessions/events/event-log.ts';
import type { SessionEvent } from '../../sessions/events/session-event.ts';
import { describeSession } from '../../sessions/describe-session.ts';
import type { Session } from '../../sessions/session.ts';
import { jsonFrame, type FrameStream, type SseFrame } from '../../openai/vocabulary/sse-frame.ts';

/** Milliseconds between two snapshots of a session: the old bridge sent one for each piece of text. */
const SNAPSHOT_MS = 100;

/** Streams whole snapshots of a session, at most ten a second. */
export function streamSnapshots(session: Session, signal: AbortSignal): FrameStream {
  const snapshot = (name: string): SseFrame => ({
    event: name,
    ...jsonFrame({ session: describeSession(session) }),
  });
  async function* frames(): AsyncGenerator<readonly SseFrame[]> {
    yield [snapshot('session.ready')];
    for await (const names of collect<ChangeName>(session, signal, (add) => ({ onChange: add }))) {
      yield [...new Set(names)].map(snapshot);
      await new Promise((resolve) => setTimeout(resolve, SNAPSHOT_MS));
    }
  }
  return { frames: frames(), heartbeat: () => [], opensAtOnce: true };
}

/** Streams the events of a session as they happen. */
export function streamEvents(session: Session, signal: AbortSignal): FrameStream {
  async function* frames(): AsyncGenerator<readonly SseFrame[]> {
    for await (const events of collect<SessionEvent>(session, signal, (add) => ({ onEvent: add })))
      yield events.map((event) => ({ id: String(event.id), event: event.type, ...jsonFrame(event) }));
  }
  return { frames: frames(), heartbeat: () => [], opensAtOnce: true };
}

interface Hearing<T> {
  readonly onEvent?: (event: SessionEvent & T) => void;
  readonly onChange?: (name: ChangeName & T) => void;
}

/** Yields what a follower hears, together as it piled up. */
async function* collect<T>(
  session: Session,
  signal: AbortSignal,
  hear: (add: (value: T) => void) => Hearing<T>,
): AsyncGenerator<readonly T[]> {
  let heard: T[] = [];
  let wake = () => {};
  const over = new AbortController();
  const { onEvent = () => {}, onChange = () => {} } = hear((value) => {
    heard.push(value);
    wake();
  });
  const end = () => {
    over.abort();
    wake();
  };
  const stop = session.events.follow({
    onEvent: onEvent,
    onChange: onChange,
    onEnd: end,
  });
  signal.addEventListener('abort', end, { once: true });
  try {
    while (!over.signal.aborted) {
      if (heard.length === 0)
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      const values = heard;
      heard = [];
      if (values.length > 0) yield values;
    }
  } finally {
    stop();
    signal.removeEventListener('abort', end);
  }
}
