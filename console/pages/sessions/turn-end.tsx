import { useState } from 'preact/hooks';
import { request } from '../../api/request.ts';
import { goTo } from '../../app/route.ts';
import { formatDuration } from '../../format/format-time.ts';
import { showName } from '../../format/show-invisible.ts';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Notice } from '../../parts/notice.tsx';
import { useAction } from '../../parts/use-action.ts';
import { useLoaded } from '../../parts/use-loaded.ts';
import type { TurnEndEntry } from './entries.ts';
import { leadToEnd } from './use-followed-end.ts';
import { FormEnd } from '../../parts/form-end.tsx';

interface TurnEndProps {
  readonly sessionId: string;
  readonly entry: TurnEndEntry;
  readonly isUndone: boolean;
  readonly mayChange: boolean;
  /** Shows what the turn changed. */
  onShow(): void;
}

const WORDS = {
  completed: 'Turn completed',
  interrupted: 'Turn interrupted',
  failed: 'Turn failed',
} as const;

/** Shows how a turn ended, and what can be done about it. */
export function TurnEnd({ sessionId, entry, isUndone, mayChange, onShow }: TurnEndProps) {
  const { status, error, turnId } = entry;
  const [isAsking, setAsking] = useState(false);
  const fork = useAction(async () => {
    const { session: made } = await request<{ session: { id: string } }>(`chat/sessions/${sessionId}/fork`, {
      method: 'POST',
      body: { last_turn_id: turnId },
    });
    goTo('sessions', made.id);
  });
  return (
    <div class="sessions-turn-end">
      <span class="muted">
        {WORDS[status]}
        {timeOf(entry)}
        {isUndone && ' and undone'}
      </span>
      {!isUndone && entry.mayHaveChanged && (
        <>
          <LinkButton onClick={onShow}>Show changes</LinkButton>
          {mayChange && <LinkButton onClick={() => setAsking(true)}>Undo…</LinkButton>}
        </>
      )}
      {!isUndone && mayChange && (
        <LinkButton busy={fork.busy} onClick={() => void fork.run()}>
          Fork from here
        </LinkButton>
      )}
      {[error, fork.problem].filter(Boolean).map((problem) => (
        <Notice key={problem} kind="error">
          {problem}
        </Notice>
      ))}
      {isAsking && <UndoDialog sessionId={sessionId} turnId={turnId} onClose={() => setAsking(false)} />}
    </div>
  );
}

interface LinkButtonProps {
  readonly busy?: boolean;
  onClick(): void;
  readonly children: string;
}

function LinkButton({ busy = false, onClick, children }: LinkButtonProps) {
  return (
    <button type="button" class="sessions-link" disabled={busy} onClick={onClick}>
      {children}
    </button>
  );
}

/** Waits for a person that are shorter are not worth naming. */
const NAMED_WAIT_MS = 500;

function timeOf({ durationMs, waitedMs }: TurnEndEntry): string {
  if (durationMs === null) return '';
  const waited = waitedMs < NAMED_WAIT_MS ? '' : ` and ${formatDuration(waitedMs)} of waiting for you`;
  return ` after ${formatDuration(durationMs)}${waited}`;
}

interface UndoDialogProps {
  readonly sessionId: string;
  readonly turnId: string;
  onClose(): void;
}

/** Words for the undo of a file, by the change of the turn. */
const UNDONE: Readonly<Record<string, string>> = { created: 'is deleted', deleted: 'comes back' };

function UndoDialog({ sessionId, turnId, onClose }: UndoDialogProps) {
  const path = `chat/sessions/${sessionId}`;
  const { value } = useLoaded<{ files: readonly { path: string; change: string }[] }>(
    `${path}/diff?turn=${turnId}`,
  );
  const undo = useAction(async () => {
    await request(`${path}/undo`, { method: 'POST', body: { turn: turnId } });
    onClose();
    leadToEnd();
  });
  return (
    <Dialog title="Undo this turn?" onClose={onClose}>
      <p>
        What this turn, and those after it, changed on disk is put back: files that they made are deleted. A
        file that somebody else has changed since stops it.
      </p>
      {value?.files.length === 0 && <p>This turn itself changed no file.</p>}
      {value !== undefined && value.files.length > 0 && (
        <ul class="sessions-files">
          {value.files.map((file) => (
            <li key={file.path}>
              <code>{showName(file.path)}</code>{' '}
              <span class="muted">{UNDONE[file.change] ?? 'is put back'}</span>
            </li>
          ))}
        </ul>
      )}
      {undo.problem !== '' && <Notice kind="error">{undo.problem}</Notice>}
      <FormEnd onCancel={onClose}>
        <Button busy={undo.busy} onClick={() => void undo.run()}>
          Undo
        </Button>
      </FormEnd>
    </Dialog>
  );
}
