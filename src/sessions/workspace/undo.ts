import { chmod, lstat, mkdir, rename, rm, rmdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createId } from '../../base/ids.ts';
import { isSameEntry, type Entry } from './entry.ts';
import { findEntry, type SnapshotParts } from './snapshot.ts';
import type { TurnChanges } from './turn-files.ts';

/** Thrown if files are not as the last of the turns left them. Nothing was written. */
export class UndoConflictError extends Error {
  override readonly name = 'UndoConflictError';
  readonly paths: readonly string[];

  constructor(paths: readonly string[]) {
    super('Files of this turn were changed by somebody else since, so that it cannot be undone.');
    this.paths = paths;
  }
}

/** Thrown if the undo needs contents that a limit left out or that are no longer kept. Nothing was written. */
export class UndoSkippedError extends Error {
  override readonly name = 'UndoSkippedError';
  readonly paths: readonly string[];

  constructor(paths: readonly string[]) {
    super('The earlier contents of files of this turn were not kept, so that it cannot be undone.');
    this.paths = paths;
  }
}

/**
 * Puts back everything that turns changed in their workspace, the newest turn first, and returns the paths. Checks
 * everything before it writes the first byte, and never touches `.git`.
 */
export async function undoTurns(turns: readonly TurnChanges[], options: SnapshotParts): Promise<string[]> {
  const [{ workspace } = { workspace: '' }] = turns;
  const current = new Map<string, Entry | undefined>();
  const wanted = new Map<string, Entry | undefined>();
  const conflicts = new Set<string>();
  for (const { path, before, after } of turns.flatMap(({ changes }) => changes)) {
    if (!current.has(path)) current.set(path, await findEntry(join(workspace, path), options));
    const expected = wanted.has(path) ? wanted.get(path) : current.get(path);
    if (!isSameEntry(expected, after)) conflicts.add(path);
    wanted.set(path, before);
  }
  const steps = new Map([...wanted].filter(([path, entry]) => !isSameEntry(entry, current.get(path))));
  const real = [...conflicts].filter((path) => steps.has(path));
  if (real.length > 0) throw new UndoConflictError(real);
  await apply(workspace, steps, options);
  return [...steps.keys()].toSorted();
}

async function apply(
  workspace: string,
  steps: ReadonlyMap<string, Entry | undefined>,
  options: SnapshotParts,
): Promise<void> {
  const paths = [...steps.keys()].toSorted();
  for (const path of paths.toReversed()) await clear(join(workspace, path), steps.get(path));
  for (const path of paths) {
    const entry = steps.get(path);
    if (entry !== undefined) await put(join(workspace, path), entry, options);
  }
}

async function clear(place: string, wanted: Entry | undefined): Promise<void> {
  const found = await lstat(place).catch(() => undefined);
  if (!found?.isDirectory()) await rm(place, { force: true });
  else if (wanted?.type !== 'folder') await rmdir(place).catch(() => {});
}

async function put(place: string, entry: Entry, { contents }: SnapshotParts): Promise<void> {
  if (entry.type === 'link') return symlink(entry.target, place);
  if (entry.type === 'folder') {
    await mkdir(place, { recursive: true });
    return chmod(place, entry.mode);
  }
  const content =
    entry.type === 'special' || entry.digest === undefined ? undefined : await contents.read(entry.digest);
  if (content === undefined) throw new UndoSkippedError([place]);
  const draft = join(dirname(place), createId('.codex-gateway-'));
  await writeFile(draft, content, { flag: 'wx', mode: 0o600 });
  await chmod(draft, entry.mode);
  await rename(draft, place);
}
