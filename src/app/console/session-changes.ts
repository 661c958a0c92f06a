import { sleep } from '../../base/async/sleep.ts';
import type { SessionChange } from '../../console/contract/sessions.ts';
import type { SessionFrame } from '../../console/sessions/console-sessions.ts';
import type { Session } from '../../sessions/session.ts';
import type { Sessions } from '../../sessions/sessions.ts';

/** Milliseconds in which changes are gathered: a session that works changes with every word. */
const GATHER_MS = 100;

/** Yields the changes of an owner's sessions, first those that work or wait now. */
export async function* followChanges(
  sessions: Pick<Sessions, 'inMemory' | 'watch'>,
  owner: string,
  signal: AbortSignal,
): AsyncGenerator<readonly SessionFrame[]> {
  const inbox = openInbox(sessions, owner);
  const onAbort = () => inbox.wake();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    while (!signal.aborted) {
      const frames = inbox.take();
      if (frames.length > 0) yield frames;
      else await inbox.filled();
      await sleep(GATHER_MS, signal).catch(() => {});
    }
  } finally {
    inbox.close();
    signal.removeEventListener('abort', onAbort);
  }
}

/** Collects the sessions that have changed, each once. */
function openInbox(sessions: Pick<Sessions, 'inMemory' | 'watch'>, owner: string) {
  const isOwn = (session: Session) => session.choices.owner === owner;
  const changed = new Set(sessions.inMemory().filter((session) => isOwn(session) && session.isBusy));
  const removed = new Set<string>();
  /** The last words about each session. */
  const said = new Map<string, string>();
  let filling = Promise.withResolvers<void>();
  const close = sessions.watch({
    onChange(session) {
      if (!isOwn(session)) return;
      changed.add(session);
      filling.resolve();
    },
    onRemove(id, ownerOfIt) {
      if (ownerOfIt !== owner) return;
      removed.add(id);
      filling.resolve();
    },
  });

  function take(): SessionFrame[] {
    filling = Promise.withResolvers();
    const frames: SessionFrame[] = [];
    for (const session of changed) {
      const data = JSON.stringify(describeChange(session));
      if (said.get(session.id) === data || removed.has(session.id)) continue;
      said.set(session.id, data);
      frames.push({ event: 'session', data });
    }
    for (const id of removed) {
      said.delete(id);
      frames.push({ event: 'session_removed', data: JSON.stringify({ id }) });
    }
    changed.clear();
    removed.clear();
    return frames;
  }

  return { take, close, filled: () => filling.promise, wake: () => filling.resolve() };
}

function describeChange(session: Session): SessionChange {
  const { id, title, status, workspace_root, created_at, updated_at, pending } = session.summary();
  const [first] = pending === 0 ? [] : session.live.approvals;
  return {
    id,
    title,
    status,
    workspace_root,
    created_at,
    updated_at,
    pending,
    waiting: first === undefined ? null : [first.title, first.description].filter(Boolean).join(' '),
  };
}
