import { join } from 'node:path';
import type { AgentEvent } from '../../conversation/ports/agent.ts';

/** A path that changed while a turn ran. */
export interface SeenChange {
  /** Relative to the workspace. */
  readonly path: string;
  readonly isFolder: boolean;
}

/** The owner of a change that was seen while several turns ran. */
export type ChangeOwner = 'own' | 'other' | 'unknown';

interface OverlappingTurn {
  readonly workspace: string;
  /** True if its commands can write. */
  readonly writesByCommand: boolean;
  /** Absolute paths that its patches changed. */
  readonly patched: Set<string>;
  readonly begunAt: number;
  endedAt: number;
}

/** Knows which turns run at the same time, so that a change on disk is counted for the one that made it. */
export class TurnOverlaps {
  readonly #turns = new Map<string, OverlappingTurn>();
  #clock = 0;

  begin(turnId: string, turn: Pick<OverlappingTurn, 'workspace' | 'writesByCommand'>): void {
    this.#clock += 1;
    this.#turns.set(turnId, { ...turn, patched: new Set(), begunAt: this.#clock, endedAt: Infinity });
  }

  /** Hears the events of a turn, which tell the patches that were made. */
  hear(event: AgentEvent): void {
    if (event.type !== 'item-completed' || event.item.type !== 'fileChange') return;
    const { changes, status } = event.item as {
      readonly changes?: readonly Change[];
      readonly status?: string;
    };
    if (status !== 'completed') return;
    const turn = this.#turns.get(event.turnId);
    for (const { path, kind } of changes ?? []) {
      turn?.patched.add(path);
      if (typeof kind.move_path === 'string') turn?.patched.add(kind.move_path);
    }
  }

  /** Returns the owner of a change that a turn saw: another turn that ran at the same time may have made it. */
  ownerOf(turnId: string, { path, isFolder }: SeenChange): ChangeOwner {
    const turn = this.#turns.get(turnId);
    if (turn === undefined) return 'own';
    const place = join(turn.workspace, path);
    const others = [...this.#turns.values()].filter(
      (other) => other !== turn && other.endedAt > turn.begunAt && place.startsWith(`${other.workspace}/`),
    );
    const isOwn = turn.patched.has(place);
    if (others.some(({ patched }) => patched.has(place))) return isOwn ? 'unknown' : 'other';
    // A folder is removed only once it is empty.
    if (isOwn || isFolder || !others.some(({ writesByCommand }) => writesByCommand)) return 'own';
    return turn.writesByCommand ? 'unknown' : 'other';
  }

  end(turnId: string): void {
    const turn = this.#turns.get(turnId);
    if (turn === undefined) return;
    this.#clock += 1;
    turn.endedAt = this.#clock;
    const running = [...this.#turns.values()].filter(({ endedAt }) => endedAt === Infinity);
    const since = Math.min(...running.map(({ begunAt }) => begunAt));
    for (const [id, { endedAt }] of this.#turns) if (endedAt < since) this.#turns.delete(id);
  }
}

interface Change {
  readonly path: string;
  readonly kind: { readonly move_path?: string | null };
}
