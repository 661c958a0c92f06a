import type { SessionSetup } from '../../../src/console/contract/sessions.ts';
import type { PageProps } from '../../app/pages.ts';
import { Notice } from '../../parts/notice.tsx';
import { SwitchedOff } from '../../parts/switched-off.tsx';
import { useLoaded } from '../../parts/use-loaded.ts';
import { NewSession } from './new-session.tsx';
import { SessionList } from './session-list.tsx';
import { SessionPane } from './session-pane.tsx';
import './sessions.css';

/** Shows the agent sessions: all of them, and one with everything that happens in it. */
export function Page({ detail }: PageProps) {
  const { value: setup, problem } = useLoaded<SessionSetup>('console/sessions');
  if (problem !== '') return <Notice kind="error">{problem}</Notice>;
  if (setup === undefined) return <p class="muted">Loading…</p>;
  if (!setup.is_on)
    return (
      <SwitchedOff>
        Agent sessions are off. Name a folder for them: start with{' '}
        <code>codex-gateway --workspace ~/projects</code>, or set{' '}
        <code>{'"sessions": {"roots": ["~/projects"]}'}</code> in the config file.
      </SwitchedOff>
    );
  return (
    <div class={`sessions ${detail === '' ? 'none-open' : 'one-open'}`}>
      <SessionList current={detail} />
      <div class="sessions-pane">
        {detail === '' || detail === 'new' ? (
          <NewSession setup={setup} />
        ) : (
          <SessionPane key={detail} id={detail} />
        )}
      </div>
    </div>
  );
}
