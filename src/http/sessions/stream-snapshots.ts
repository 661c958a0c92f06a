import { describeSession } from '../../sessions/describe-session.ts';
import type { ChangeName } from '../../sessions/events/event-log.ts';
import type { Session } from '../../sessions/session.ts';
import type { FrameStream, SseFrame } from '../../openai/vocabulary/sse-frame.ts';
import { createSnapshotPace } from './snapshot-pace.ts';

/** Streams whole snapshots of a session, each under the name of a change. A slow reader gets fewer of them. */
export function streamSnapshots(session: Session, signal: AbortSignal): FrameStream {
  const pace = createSnapshotPace(() => performance.now());

  function snapshot(name: ChangeName | 'session.ready'): SseFrame {
    const { json, tookMs } = encodeSnapshot(session);
    pace.sent(tookMs);
    return { event: name, data: json };
  }

  async function* frames(): AsyncGenerator<readonly SseFrame[]> {
    const { changed, hasEnded, stop } = hearChanges(session, signal, pace.add);
    try {
      yield [snapshot('session.ready')];
      while (!signal.aborted) {
        // The last changes of a session that ends are sent at once.
        const waitMs = hasEnded() ? 0 : pace.waitMs();
        const name = waitMs === 0 ? pace.take() : undefined;
        if (name !== undefined) yield [snapshot(name)];
        else if (hasEnded()) return;
        else await changed(waitMs);
      }
    } finally {
      stop();
      if (!session.events.isFollowed) lastSnapshots.delete(session);
    }
  }
  return { frames: frames(), heartbeat: () => [], opensAtOnce: true };
}

interface Snapshot {
  readonly version: number;
  /** Milliseconds that making it took. */
  readonly tookMs: number;
  readonly json: string;
}

/** The last snapshot of each session that is followed: its readers share it. */
const lastSnapshots = new WeakMap<Session, Snapshot>();

function encodeSnapshot(session: Session): Snapshot {
  const { version } = session.events;
  const last = lastSnapshots.get(session);
  if (last?.version === version) return last;
  const begin = performance.now();
  const json = JSON.stringify({ session: describeSession(session) });
  const snapshot = { version, json, tookMs: performance.now() - begin };
  lastSnapshots.set(session, snapshot);
  return snapshot;
}

/** Hears of the changes of a session until it is stopped. */
function hearChanges(session: Session, signal: AbortSignal, onChange: (name: ChangeName) => void) {
  let isEnded = false;
  let wake = () => {};
  const abort = () => wake();
  const unfollow = session.events.follow({
    onChange(name) {
      onChange(name);
      wake();
    },
    onEnd() {
      isEnded = true;
      wake();
    },
  });
  signal.addEventListener('abort', abort, { once: true });
  return {
    hasEnded: () => isEnded,
    stop() {
      unfollow();
      signal.removeEventListener('abort', abort);
    },
    /** Waits for a change, or for the time. */
    changed: (ms: number | undefined) =>
      new Promise<void>((resolve) => {
        const timer = ms === undefined ? undefined : setTimeout(resolve, ms);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      }),
  };
}
