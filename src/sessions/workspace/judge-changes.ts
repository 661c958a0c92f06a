import { lstat } from 'node:fs/promises';
import { isAbsolute, relative } from 'node:path';
import { excerpt } from '../../base/excerpt.ts';
import type { AgentChange } from '../../conversation/ports/agent.ts';
import { identityOf, locate, type Location } from './locate.ts';
import { isGitName, isWithin } from './path-rules.ts';

export type Verdict =
  | {
      readonly isAllowed: true;
      /** Folders that have to exist before the changes are applied, the outermost first. */
      readonly missingFolders: readonly string[];
    }
  | {
      readonly isAllowed: false;
      /** One sentence for the model and the caller. */
      readonly reason: string;
    };

/**
 * Judges proposed changes by the places that they reach on disk. The workspace is a real path. Nothing outside it may be
 * touched, no `.git`, and nothing in the forbidden folders.
 */
export async function judgeChanges(
  workspace: string,
  changes: readonly AgentChange[],
  forbidden: readonly string[],
): Promise<Verdict> {
  const identities = new Set(await Promise.all(forbidden.map(findIdentity)));
  const rules: Rules = { workspace, forbidden, identities };
  const missing = new Set<string>();
  for (const { path, keepLast, isMade } of changes.flatMap(touchedPaths)) {
    const found = await locateSafely(isAbsolute(path) ? path : `${workspace}/${path}`, keepLast);
    const fault = found === undefined ? 'cannot be resolved' : findFault(path, found, rules);
    if (found === undefined || fault !== undefined) {
      return { isAllowed: false, reason: `The path ${JSON.stringify(excerpt(path))} ${fault}.` };
    }
    for (const folder of isMade ? found.missingFolders : []) missing.add(folder);
  }
  return { isAllowed: true, missingFolders: [...missing].toSorted() };
}

interface TouchedPath {
  readonly path: string;
  /** True if a link at this path is touched itself, and not its target. */
  readonly keepLast: boolean;
  /** True if a file may be made there. */
  readonly isMade: boolean;
}

function touchedPaths({ path, kind }: AgentChange): TouchedPath[] {
  const removed = { path, keepLast: true, isMade: false };
  if (kind.type === 'delete') return [removed];
  const written = { path, keepLast: false, isMade: kind.type === 'add' };
  if (kind.type === 'add' || kind.movePath === undefined) return [written];
  return [written, removed, { path: kind.movePath, keepLast: false, isMade: true }];
}

async function locateSafely(path: string, keepLast: boolean): Promise<Location | undefined> {
  try {
    return await locate(path, keepLast);
  } catch {
    return undefined;
  }
}

interface Rules {
  readonly workspace: string;
  readonly forbidden: readonly string[];
  readonly identities: ReadonlySet<string | undefined>;
}

function findFault(
  path: string,
  location: Location,
  { workspace, forbidden, identities }: Rules,
): string | undefined {
  const inside = relative(workspace, location.path);
  if (inside === '' || !isWithin(workspace, location.path)) return 'lies outside the workspace';
  if ([...path.split('/'), ...inside.split('/')].some(isGitName)) return 'lies in a .git folder';
  const isForbidden =
    forbidden.some((folder) => isWithin(folder, location.path)) ||
    [...location.identities].some((identity) => identities.has(identity));
  return isForbidden ? 'belongs to the gateway' : undefined;
}

async function findIdentity(folder: string): Promise<string | undefined> {
  const { path } = await locate(folder).catch(() => ({ path: folder }));
  const found = await lstat(path).catch(() => undefined);
  return found && identityOf(found);
}
