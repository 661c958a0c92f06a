import type { TurnStatus } from '../../conversation/ports/agent.ts';

/** A turn of a session. */
export interface SessionTurn {
  readonly id: string;
  readonly kind: 'message' | 'review' | 'compaction';
  readonly status: TurnStatus | 'queued' | 'running' | 'undone';
  /** The agent's own id; null before it has begun. */
  readonly agentId: string | null;
}

/** The turns of one session, oldest first. */
export interface TurnList {
  list(): readonly SessionTurn[];
  add(turn: Pick<SessionTurn, 'id' | 'kind'>): void;
  change(id: string, changes: Partial<Omit<SessionTurn, 'id'>>): void;
  remove(id: string): void;
  find(id: string): SessionTurn | undefined;
  /** Returns the id of the turn with an agent's id; a turn that the agent has begun by itself has that id. */
  idOf(agentId: string): string;
}

/** Turns of a session that are kept: earlier ones can be neither shown nor undone. */
const KEPT_TURNS = 1_000;

export function createTurnList(stored: readonly SessionTurn[]): TurnList {
  const turns = new Map(stored.map((turn) => [turn.id, turn]));
  const ids = new Map(stored.flatMap(({ id, agentId }) => (agentId === null ? [] : [[agentId, id]])));

  function remove(id: string): void {
    const agentId = turns.get(id)?.agentId;
    if (typeof agentId === 'string') ids.delete(agentId);
    turns.delete(id);
  }

  return {
    list: () => [...turns.values()],
    add(turn) {
      turns.set(turn.id, { status: 'queued', agentId: null, ...turn });
      const [oldest] = turns.keys();
      if (turns.size > KEPT_TURNS && oldest !== undefined) remove(oldest);
    },
    change(id, changes) {
      const turn = turns.get(id);
      if (turn === undefined) return;
      turns.set(id, { ...turn, ...changes });
      if (typeof changes.agentId === 'string') ids.set(changes.agentId, id);
    },
    remove,
    find: (id) => turns.get(id),
    idOf: (agentId) => ids.get(agentId) ?? agentId,
  };
}
