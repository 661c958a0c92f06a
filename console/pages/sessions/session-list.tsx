import { linkTo } from '../../app/route.ts';
import { session as browser } from '../../app/session.ts';
import { allowNotifications, notifications } from '../../app/waiting.ts';
import { formatMoment } from '../../format/format-time.ts';
import { showName } from '../../format/show-invisible.ts';
import { Badge } from '../../parts/badge.tsx';
import { Button } from '../../parts/button.tsx';
import { Notice } from '../../parts/notice.tsx';
import { useSessions, type ListedSession } from './use-sessions.ts';

/** Shows all sessions, those that wait for a decision as such. */
export function SessionList({ current }: { readonly current: string }) {
  const { sessions, problem, more } = useSessions();
  const me = browser.value;
  const mayStart = typeof me === 'object' && !me.read_only;
  return (
    <nav class="sessions-list" aria-label="Sessions">
      {mayStart && (
        <a
          class="button sessions-new"
          href={linkTo('sessions', 'new')}
          aria-current={current === 'new' ? 'page' : undefined}
        >
          New session
        </a>
      )}
      {notifications.value === 'default' && (
        <Button kind="quiet" onClick={() => void allowNotifications()}>
          Notify me when one waits
        </Button>
      )}
      {problem !== '' && <Notice kind="error">{problem}</Notice>}
      {sessions?.length === 0 && <p class="muted">No sessions yet.</p>}
      <ul>
        {sessions?.map((session) => (
          <li key={session.id}>
            <ListedLink session={session} isCurrent={session.id === current} />
          </li>
        ))}
      </ul>
      {more !== undefined && (
        <Button kind="quiet" onClick={() => void more()}>
          Show earlier ones
        </Button>
      )}
    </nav>
  );
}

function ListedLink({
  session,
  isCurrent,
}: {
  readonly session: ListedSession;
  readonly isCurrent: boolean;
}) {
  const { id, title, workspace_root: folder, updated_at: at } = session;
  return (
    <a href={linkTo('sessions', id)} aria-current={isCurrent ? 'page' : undefined}>
      <span class="sessions-list-title">{title === '' ? 'Untitled' : showName(title)}</span>
      <span class="sessions-list-facts">
        <SessionState status={session.status} pending={session.pending} />
        <span class="muted">{showName(folder.split('/').at(-1) ?? folder)}</span>
        <span class="muted">{formatMoment(at)}</span>
      </span>
    </a>
  );
}

const STATES = {
  idle: { kind: 'plain', word: 'idle' },
  queued: { kind: 'plain', word: 'waits for its turn' },
  running: { kind: 'good', word: 'working' },
  error: { kind: 'bad', word: 'failed' },
} as const;

/** Says what a session does, or that it waits for a decision. */
export function SessionState(props: { readonly status: ListedSession['status']; readonly pending: number }) {
  const { status, pending } = props;
  if (pending > 0) return <Badge kind="warning">waits for you</Badge>;
  const { kind, word } = STATES[status];
  return <Badge kind={kind}>{word}</Badge>;
}
