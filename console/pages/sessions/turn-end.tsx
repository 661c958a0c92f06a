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
  const { status, error, durationMs, turnId } = entry;
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
        {durationMs !== null && ` after ${formatDuration(durationMs)}`}
        {isUndone && ' and undone'}
      </span>
      {!isUndone && (
        <>
          <button type="button" class="sessions-link" onClick={onShow}>
            Show changes
          </button>
          {mayChange && (
            <>
              <button type="button" class="sessions-link" onClick={() => setAsking(true)}>
                Undo…
              </button>
              <button
                type="button"
                class="sessions-link"
                disabled={fork.busy}
                onClick={() => void fork.run()}
              >
                Fork from here
              </button>
            </>
          )}
        </>
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

interface UndoDialogProps {
  readonly sessionId: string;
  readonly turnId: string;
  onClose(): void;
}

function UndoDialog({ sessionId, turnId, onClose }: UndoDialogProps) {
  const path = `chat/sessions/${sessionId}`;
  const { value } = useLoaded<{ files: readonly { path: string }[] }>(`${path}/diff?turn=${turnId}`);
  const undo = useAction(async () => {
    await request(`${path}/undo`, { method: 'POST', body: { turn: turnId } });
    onClose();
  });
  return (
    <Dialog title="Undo this turn?" onClose={onClose}>
      <p>
        What this turn, and those after it, changed on disk is put back. A file that somebody else has changed
        since stops it.
      </p>
      {value?.files.length === 0 && <p>This turn itself changed no file.</p>}
      {value !== undefined && value.files.length > 0 && (
        <ul class="sessions-files">
          {value.files.map((file) => (
            <li key={file.path}>
              <code>{showName(file.path)}</code>
            </li>
          ))}
        </ul>
      )}
      {undo.problem !== '' && <Notice kind="error">{undo.problem}</Notice>}
      <div class="row">
        <Button busy={undo.busy} onClick={() => void undo.run()}>
          Undo
        </Button>
        <Button kind="quiet" onClick={onClose}>
          Cancel
        </Button>
      </div>
    </Dialog>
  );
}
