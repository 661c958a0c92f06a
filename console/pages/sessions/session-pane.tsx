import { useRef, useState } from 'preact/hooks';
import type { SessionBody } from '../../../src/sessions/events/session-shape.ts';
import { linkTo } from '../../app/route.ts';
import { session as browser } from '../../app/session.ts';
import { showName } from '../../format/show-invisible.ts';
import { Notice } from '../../parts/notice.tsx';
import { Tabs } from '../../parts/tabs.tsx';
import { ApprovalPanel } from './approval-panel.tsx';
import { Changes } from './changes.tsx';
import { Composer } from './composer.tsx';
import { SessionActions } from './session-actions.tsx';
import { SessionState } from './session-list.tsx';
import { TranscriptList } from './transcript-list.tsx';
import type { TextEntry } from './entries.ts';
import type { TranscriptView } from './transcript.ts';
import { useFollowedEnd } from './use-followed-end.ts';
import { useSession } from './use-session.ts';

const TABS = [
  { id: 'transcript', title: 'Transcript' },
  { id: 'changes', title: 'Changes' },
] as const;

/** Shows one session, and lets a person decide and talk in it. */
export function SessionPane({ id }: { readonly id: string }) {
  const { session, view, problem } = useSession(id);
  const [tab, setTab] = useState<(typeof TABS)[number]['id']>('transcript');
  const [turn, setTurn] = useState('');
  const article = useRef<HTMLElement>(null);
  useFollowedEnd(article, view, tab === 'transcript' && session !== undefined);
  const me = browser.value;
  const mayChange = typeof me === 'object' && !me.read_only;
  if (problem !== '') return <Notice kind="error">{problem}</Notice>;
  if (session === undefined) return <p class="muted">Loading…</p>;
  const showTurn = (turnId: string) => {
    setTurn(turnId);
    setTab('changes');
  };
  return (
    <article ref={article} class="sessions-one" aria-label="Session">
      <PaneHead session={session} view={view} mayChange={mayChange} />
      <Tabs label="Parts of the session" tabs={TABS} current={tab} onChange={(id) => setTab(id)}>
        {tab === 'transcript' ? (
          <TranscriptList
            sessionId={id}
            workspace={session.workspace_root}
            view={view}
            mayChange={mayChange}
            onShowTurn={showTurn}
          />
        ) : (
          <Changes sessionId={id} view={view} turn={turn} onTurn={setTurn} />
        )}
      </Tabs>
      <ApprovalPanel session={session} approvals={view.approvals} mayChange={mayChange} />
      {mayChange ? (
        <Composer sessionId={id} view={view} />
      ) : (
        <Notice kind="info">This browser may only look.</Notice>
      )}
    </article>
  );
}

/** Returns the title of a session, or its first words as long as it has none. */
function nameOf({ title }: SessionBody, { entries }: TranscriptView): string {
  const first = entries.find((entry): entry is TextEntry => entry.kind === 'user');
  return title || first?.text || 'Untitled';
}

interface PaneHeadProps {
  readonly session: SessionBody;
  readonly view: TranscriptView;
  readonly mayChange: boolean;
}

const REVIEWS = {
  edits: 'edits wait for you',
  commands: 'edits and commands wait for you',
  none: 'nothing waits',
} as const;

function PaneHead({ session, view, mayChange }: PaneHeadProps) {
  const { workspace_root: folder, model, review, sandbox } = session;
  return (
    <header class="sessions-head">
      <a class="sessions-back" href={linkTo('sessions')}>
        ← All sessions
      </a>
      <h2>{showName(nameOf(session, view))}</h2>
      <p class="sessions-facts muted">
        <SessionState status={view.status} pending={view.approvals.length} />
        <span class="sessions-path">{showName(folder)}</span>
        {model !== null && <span>{model}</span>}
        <span>{REVIEWS[review]}</span>
        {sandbox === 'read-only' && <span>read only</span>}
        {session.tools && <span>internal tools</span>}
      </p>
      {view.queuePosition > 0 && <p class="muted">Place {view.queuePosition} in the queue of turns.</p>}
      {view.lastError !== null && <Notice kind="error">{view.lastError}</Notice>}
      {mayChange && <SessionActions session={session} view={view} />}
    </header>
  );
}
