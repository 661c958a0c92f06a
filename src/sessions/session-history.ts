import { GatewayError } from '../base/errors.ts';
import type { SessionTurn, TurnList } from './turns/turn-list.ts';
import type { SkippedPath } from './workspace/history/entry.ts';
import type { ChangesDescription } from './workspace/history/diff.ts';
import type { TurnHistory } from './workspace/history/turn-history.ts';
import { UndoConflictError, UndoSkippedError } from './workspace/history/undo-errors.ts';

/** Paths that an error names, that a note names, and that the answer to a question names. */
const NAMED_PATHS = 20;
const NOTED_PATHS = 500;
const SKIPPED_PATHS = 10_000;

/** Returns true for a turn that may have changed files. */
function isKept({ kind, agentId, status }: SessionTurn): boolean {
  return kind !== 'compaction' && agentId !== null && status !== 'undone';
}

export interface TurnsDescription extends ChangesDescription {
  /** Paths that a limit left out. */
  readonly undoSkipped: readonly SkippedPath[];
}

/** Describes what a turn changed on disk, or else all turns that are not undone. Rejects for an unknown turn. */
export async function describeTurns(
  turns: TurnList,
  history: TurnHistory,
  turnId: string | undefined,
): Promise<TurnsDescription> {
  if (turnId !== undefined) findTurn(turns, turnId);
  const wanted = turns.list().filter((turn) => isKept(turn) && (turnId === undefined || turn.id === turnId));
  const description = await history.describe(wanted.map(({ id }) => id));
  const undoSkipped: SkippedPath[] = [];
  for (const { id } of wanted) undoSkipped.push(...((await history.find(id))?.skipped ?? []));
  return { ...description, undoSkipped: undoSkipped.slice(0, SKIPPED_PATHS) };
}

export interface UndoneTurns {
  readonly turnIds: readonly string[];
  /** Paths that were put back. */
  readonly files: readonly string[];
}

/** Puts back what a turn and those after it changed on disk. Rejects with a `GatewayError`, and then nothing was written. */
export async function undoFrom(turns: TurnList, history: TurnHistory, turnId: string): Promise<UndoneTurns> {
  findTurn(turns, turnId);
  const all = turns.list();
  const since = all.slice(all.findIndex(({ id }) => id === turnId));
  const kept = since.filter(isKept).map(({ id }) => id);
  try {
    const files = kept.length === 0 ? [] : await history.undo(kept.toReversed());
    const turnIds = since.filter(({ status }) => status !== 'undone').map(({ id }) => id);
    for (const id of turnIds) turns.change(id, { status: 'undone' });
    return { turnIds, files };
  } catch (error) {
    throw explainUndo(error);
  }
}

/** The first words of a note. */
export const UNDO_INTRODUCTION = 'Note: the user has undone earlier changes of yours.';

/** Returns a note for the agent, which still knows the files as they were, after an earlier one. */
export function undoNote(files: readonly string[], earlier: string | null): string {
  const before = earlier === null ? '' : `${earlier}\n\n`;
  const named = files.slice(0, NOTED_PATHS).map((file) => `- ${file}`);
  if (files.length > NOTED_PATHS) named.push(`- and ${files.length - NOTED_PATHS} more`);
  const list = named.length === 0 ? '- none' : named.join('\n');
  return `${before}${UNDO_INTRODUCTION} These files are back to what they were before:\n${list}`;
}

function findTurn(turns: TurnList, turnId: string): void {
  const turn = turns.find(turnId);
  if (turn === undefined || turn.status === 'undone')
    throw new GatewayError('turn_not_found', 'The session has no such turn, or it is undone already.');
}

function explainUndo(error: unknown): unknown {
  if (!(error instanceof UndoConflictError || error instanceof UndoSkippedError)) return error;
  const named = error.paths.slice(0, NAMED_PATHS).join(', ');
  const more = error.paths.length > NAMED_PATHS ? ' and others' : '';
  const list = named === '' ? '' : ` (${named}${more})`;
  return new GatewayError('undo_conflict', `${error.message}${list}`, { cause: error });
}
