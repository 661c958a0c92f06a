import type { Session } from './session.ts';
import { isRunningOrQueued } from './session-record.ts';
import type { TurnHistory } from './workspace/history/turn-history.ts';

/** Marks the turns of a session whose process has died as interrupted, and keeps what they changed on disk. */
export async function recoverSession({ state }: Session, history: TurnHistory): Promise<void> {
  const left = state.turns.list().filter(({ status }) => isRunningOrQueued(status));
  for (const { id, status } of left) {
    state.turns.change(id, { status: 'interrupted' });
    state.events.add('turn.completed', { turn_id: id, status: 'interrupted' });
    // Its snapshot may be gone, which then shows when the turn shall be undone.
    if (status === 'running') await history.end(id).catch(() => undefined);
  }
  state.change({ status: state.facts.lastError === null ? 'idle' : 'error' }, 'session.completed');
  await state.flush();
}
