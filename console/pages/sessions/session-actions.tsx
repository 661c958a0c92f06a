import { useState } from 'preact/hooks';
import type { SessionBody } from '../../../src/sessions/events/session-shape.ts';
import { request } from '../../api/request.ts';
import { goTo } from '../../app/route.ts';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Notice } from '../../parts/notice.tsx';
import { useAction } from '../../parts/use-action.ts';
import { ReviewDialog } from './review-dialog.tsx';
import type { TranscriptView } from './transcript.ts';

interface SessionActionsProps {
  readonly session: SessionBody;
  readonly view: TranscriptView;
}

/** Shows what can be done with a whole session. */
export function SessionActions({ session, view }: SessionActionsProps) {
  const { id, thread_id: threadId } = session;
  const [dialog, setDialog] = useState<'delete' | 'review'>();
  const isBusy = view.status === 'running' || view.status === 'queued';
  const hasTurns = threadId !== null || view.lastTurn !== null;
  const fork = useAction(async () => {
    const { session: made } = await request<{ session: { id: string } }>(`chat/sessions/${id}/fork`, {
      method: 'POST',
      body: {},
    });
    goTo('sessions', made.id);
  });
  return (
    <>
      <div class="row">
        <Button kind="quiet" disabled={isBusy} onClick={() => setDialog('review')}>
          Review…
        </Button>
        <Button kind="quiet" disabled={isBusy || !hasTurns} busy={fork.busy} onClick={() => void fork.run()}>
          Fork
        </Button>
        <Button kind="danger" onClick={() => setDialog('delete')}>
          Delete…
        </Button>
      </div>
      {fork.problem !== '' && <Notice kind="error">{fork.problem}</Notice>}
      {dialog === 'review' && <ReviewDialog sessionId={id} onClose={() => setDialog(undefined)} />}
      {dialog === 'delete' && <DeleteDialog id={id} onClose={() => setDialog(undefined)} />}
    </>
  );
}

function DeleteDialog({ id, onClose }: { readonly id: string; onClose(): void }) {
  const remove = useAction(async () => {
    await request(`chat/sessions/${id}`, { method: 'DELETE' });
    goTo('sessions');
  });
  return (
    <Dialog title="Delete this session?" onClose={onClose}>
      <p>Its turns end, and its messages are gone. Files stay as they are, and its thread stays in Codex.</p>
      {remove.problem !== '' && <Notice kind="error">{remove.problem}</Notice>}
      <div class="row">
        <Button kind="danger" busy={remove.busy} onClick={() => void remove.run()}>
          Delete
        </Button>
        <Button kind="quiet" onClick={onClose}>
          Keep it
        </Button>
      </div>
    </Dialog>
  );
}
