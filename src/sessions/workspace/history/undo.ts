import { isSameEntry, type Entry } from './entry.ts';
import { listBelow, lookAtPresent, type Present } from './present.ts';
import { putBack } from './put-back.ts';
import type { Contents } from './contents.ts';
import type { TurnChanges } from './turn-files.ts';
import { UndoConflictError, UndoSkippedError } from './undo-errors.ts';

export interface UndoOptions {
  readonly contents: Contents;
  /** Maximum bytes of a file that is read to compare it. */
  readonly fileBytes: number;
}

/**
 * Puts back everything that turns changed in their workspace, the newest turn first, and returns the paths of what was
 * put back, without folders. Checks everything before it writes the first byte.
 */
export async function undoTurns(
  workspace: string,
  turns: readonly TurnChanges[],
  { contents, fileBytes }: UndoOptions,
): Promise<string[]> {
  const changes = turns.flatMap((turn) => turn.changes);
  const paths = [...new Set(changes.map(({ path }) => path))];
  const present = await lookAtPresent(workspace, paths, fileBytes);
  const plan = makePlan(turns, present);
  const contested = changes.filter(({ isContested }) => isContested).map(({ path }) => path);
  const conflicts = [
    ...contested,
    ...plan.conflicts,
    ...(await findObstacles(workspace, plan.steps, present)),
  ];
  if (conflicts.length > 0) throw new UndoConflictError([...new Set(conflicts)]);
  const lost = await findLost(plan, present, contents);
  if (lost.length > 0) throw new UndoSkippedError(lost);
  await putBack(workspace, { steps: plan.steps, present, contents });
  const isFile = (entry: Entry | undefined) => entry !== undefined && entry.type !== 'folder';
  return [...plan.steps]
    .filter(([path, wanted]) => isFile(wanted) || isFile(present.at(path)))
    .map(([path]) => path)
    .toSorted();
}

/** Each path that has to change, with what it shall be. */
type UndoSteps = ReadonlyMap<string, Entry | undefined>;

interface Plan {
  readonly steps: UndoSteps;
  readonly conflicts: readonly string[];
  /** Folders with contents that no snapshot knows. */
  readonly unseen: ReadonlySet<string>;
}

/** Goes back turn by turn: each has to begin with what it left. */
function makePlan(turns: readonly TurnChanges[], present: Present): Plan {
  const wanted = new Map<string, Entry | undefined>();
  const broken = new Set<string>();
  const unseen = new Set<string>();
  for (const { path, before, after } of turns.flatMap(({ changes }) => changes)) {
    const state = wanted.has(path) ? wanted.get(path) : present.at(path);
    if (!isLeftBy({ before, after }, state)) broken.add(path);
    if (after?.type === 'folder' && after.isUnread === true) unseen.add(path);
    wanted.set(path, before);
  }
  // Leaves alone entries that are right already, so that an interrupted undo can be repeated.
  const steps = new Map([...wanted].filter(([path, entry]) => !isSameEntry(entry, present.at(path))));
  return { steps, conflicts: [...broken].filter((path) => steps.has(path)), unseen };
}

interface Sides {
  readonly before: Entry | undefined;
  readonly after: Entry | undefined;
}

/** Returns true if a path is as a turn left it. A folder that was made meanwhile, or is to be removed, may have any mode. */
function isLeftBy({ before, after }: Sides, state: Entry | undefined): boolean {
  if (isSameEntry(state, after)) return true;
  if (state?.type !== 'folder') return false;
  return before === undefined ? after?.type === 'folder' : before.type === 'folder' && after === undefined;
}

/** Returns paths at which something foreign is in the way of what shall be put back. */
async function findObstacles(workspace: string, steps: UndoSteps, present: Present): Promise<string[]> {
  const obstacles: string[] = [];
  for (const [path, wanted] of steps) {
    if (wanted === undefined) continue;
    obstacles.push(...foldersAbove(path).filter((folder) => !isFolderThen(folder, steps, present)));
    if (wanted.type === 'folder' || present.at(path)?.type !== 'folder') continue;
    const below = await listBelow(workspace, path);
    obstacles.push(...below.filter((child) => !steps.has(child) || steps.get(child) !== undefined));
  }
  return obstacles;
}

function isFolderThen(folder: string, steps: UndoSteps, present: Present): boolean {
  if (steps.has(folder)) return steps.get(folder)?.type === 'folder';
  const state = present.at(folder);
  return state === undefined || state.type === 'folder';
}

function foldersAbove(path: string): string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}

/** Returns paths whose earlier content is not kept, or that would be removed with contents that nobody has seen. */
async function findLost({ steps, unseen }: Plan, present: Present, contents: Contents): Promise<string[]> {
  const lost: string[] = [];
  for (const [path, wanted] of steps) {
    const state = present.at(path);
    const isUnseen = unseen.has(path) && state?.type === 'folder' && wanted?.type !== 'folder';
    if (isUnseen || !(await canBeMade(wanted, state, contents))) lost.push(path);
  }
  return lost;
}

async function canBeMade(
  wanted: Entry | undefined,
  state: Entry | undefined,
  contents: Contents,
): Promise<boolean> {
  switch (wanted?.type) {
    case 'special':
      return state?.type === 'special';
    case 'folder':
      return wanted.isUnread !== true || state?.type === 'folder';
    case 'file':
      return wanted.digest !== undefined && (await contents.read(wanted.digest)) !== undefined;
    default:
      return true;
  }
}
