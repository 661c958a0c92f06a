import { EntryView } from './entry-view.tsx';
import type { TranscriptView } from './transcript.ts';
import type { PlanStep } from './transcript-state.ts';
import { TurnEnd } from './turn-end.tsx';

interface TranscriptListProps {
  readonly sessionId: string;
  readonly workspace: string;
  readonly view: TranscriptView;
  readonly mayChange: boolean;
  onShowTurn(turnId: string): void;
}

/** Shows what has happened in a session. */
export function TranscriptList({ sessionId, workspace, view, mayChange, onShowTurn }: TranscriptListProps) {
  const { entries, undone } = view;
  return (
    <>
      <Plan steps={view.plan} />
      <div role="log" aria-label="Transcript">
        <ol class="sessions-transcript">
          {entries.map((entry) => (
            <li key={entry.key} class={`sessions-entry ${entry.kind}`}>
              {entry.kind === 'turn-end' ? (
                <TurnEnd
                  sessionId={sessionId}
                  entry={entry}
                  isUndone={undone.has(entry.turnId)}
                  mayChange={mayChange && view.status !== 'running' && view.status !== 'queued'}
                  onShow={() => onShowTurn(entry.turnId)}
                />
              ) : (
                <EntryView entry={entry} workspace={workspace} />
              )}
            </li>
          ))}
        </ol>
      </div>
      {entries.length === 0 && <p class="muted">Nothing was said yet.</p>}
      {view.status === 'running' && view.approvals.length === 0 && (
        <p class="sessions-working" role="status">
          The agent works…
        </p>
      )}
    </>
  );
}

const STEPS = {
  pending: { sign: '○', word: 'to do' },
  inProgress: { sign: '◐', word: 'now' },
  completed: { sign: '●', word: 'done' },
} as const;

function Plan({ steps }: { readonly steps: readonly PlanStep[] }) {
  if (steps.length === 0) return null;
  return (
    <section class="card sessions-plan" aria-label="Plan">
      <h3>Plan</h3>
      <ol>
        {steps.map(({ step, status }, index) => (
          <li key={index} class={status}>
            <span aria-hidden="true">{STEPS[status].sign}</span> {step}{' '}
            <span class="muted">{STEPS[status].word}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
