import type { EventLog } from '../../sessions/events/event-log.ts';
import { LoggedEvent } from '../../sessions/events/logged-event.ts';
import type { SessionEvent } from '../../sessions/events/session-event.ts';
import type { FrameStream, SseFrame } from '../../openai/vocabulary/sse-frame.ts';

/** Number of missed events that are read at once. */
const PAGE_EVENTS = 500;

/** Number of events, and characters of their JSON, by which a reader may lag behind. */
const MAX_EVENTS_BEHIND = 5_000;
const MAX_CHARACTERS_BEHIND = 4 * 1024 * 1024;

/**
 * Streams the events of a session: after `lastEventId` those that were missed, without it those that come next. A reader that
 * lags behind too far gets `resync` as the last event, and can go on from there with another stream.
 */
export function streamEvents(
  log: EventLog,
  lastEventId: number | undefined,
  signal: AbortSignal,
): FrameStream {
  async function* frames(): AsyncGenerator<readonly SseFrame[]> {
    let last = lastEventId ?? log.lastId;
    if (!(last <= log.lastId)) {
      last = log.lastId;
      yield [encodeEvent(resync(last, 'unknown_id'))];
    }
    while (last < log.lastId && !signal.aborted) {
      const { lastId } = log;
      const page = await readMissed(log, last);
      yield page.map(encodeEvent);
      last = page.at(-1)?.event.id ?? lastId;
    }
    // Nothing is waited for between the last look and this, so that no event is missed.
    yield* nextEvents(log, last, signal);
  }
  return { frames: frames(), heartbeat: () => [], opensAtOnce: true };
}

/** Yields events as they happen, until the session ends or the reader is too slow. */
async function* nextEvents(
  log: EventLog,
  lastId: number,
  signal: AbortSignal,
): AsyncGenerator<readonly SseFrame[]> {
  let last = lastId;
  const inbox = openInbox(log, signal);
  try {
    for (;;) {
      const events = await inbox.take();
      if (events.length > 0) yield events.map(encodeEvent);
      last = events.at(-1)?.event.id ?? last;
      if (inbox.isTooFull) yield [encodeEvent(resync(last, 'too_slow'))];
      if (inbox.isClosed) return;
    }
  } finally {
    inbox.close();
  }
}

/** Reads a page of the events after an id, with `resync` before them if some are no longer kept. */
async function readMissed(log: EventLog, id: number): Promise<readonly LoggedEvent[]> {
  const { lastId } = log;
  const { events, isComplete } = await log
    .after(id, PAGE_EVENTS)
    .catch(() => ({ events: [], isComplete: false }));
  const page = events.map((event) => new LoggedEvent(event));
  return isComplete ? page : [resync((events[0]?.id ?? lastId + 1) - 1, 'events_gone'), ...page];
}

function resync(id: number, reason: Extract<SessionEvent, { type: 'resync' }>['reason']): LoggedEvent {
  return new LoggedEvent({ type: 'resync', id, created_at: Date.now(), reason });
}

function encodeEvent({ event, json }: LoggedEvent): SseFrame {
  return { id: String(event.id), event: event.type, data: json };
}

interface Inbox {
  /** True once events had to be thrown away, because the reader was too slow. */
  readonly isTooFull: boolean;
  /** True if no more events come. */
  readonly isClosed: boolean;
  /** Waits for events; resolves to none if it is closed meanwhile. */
  take(): Promise<readonly LoggedEvent[]>;
  close(): void;
}

/** Collects the events of a log for a reader, within bounds. */
function openInbox(log: EventLog, signal: AbortSignal): Inbox {
  let events: LoggedEvent[] = [];
  let characters = 0;
  let isTooFull = false;
  let isClosed = signal.aborted;
  let wake = () => {};

  function close(): void {
    isClosed = true;
    stop();
    signal.removeEventListener('abort', close);
    wake();
  }

  function add(event: LoggedEvent): void {
    events.push(event);
    characters += event.json.length;
    if (events.length === 1) wake();
    const isBehind = events.length > MAX_EVENTS_BEHIND || characters > MAX_CHARACTERS_BEHIND;
    if (!isBehind || events.length === 1) return;
    isTooFull = true;
    events = [];
    close();
  }

  const stop = log.follow({ onEvent: add, onEnd: close });
  signal.addEventListener('abort', close, { once: true });
  return {
    get isTooFull() {
      return isTooFull;
    },
    get isClosed() {
      return isClosed;
    },
    async take() {
      if (events.length === 0 && !isClosed)
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      const taken = events;
      events = [];
      characters = 0;
      return taken;
    },
    close,
  };
}
