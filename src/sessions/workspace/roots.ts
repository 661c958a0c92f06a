import { realpath, stat } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { isGitName, isWithin } from './path-rules.ts';

/** Thrown for a workspace that no root contains. The message is written for the caller, and is the same for every reason. */
export class OutsideRootsError extends Error {
  override readonly name = 'OutsideRootsError';

  constructor() {
    super(
      'The workspace is not a folder below the folders that this gateway may work in (`sessions.roots`).',
    );
  }
}

export interface WorkspaceRoots {
  /** Returns the real path of a folder below a root. Throws OutsideRootsError for anything else. */
  resolve(path: string): Promise<string>;
}

/**
 * Creates the check of workspaces. Links are resolved at every call, in the roots as well.
 *
 * @param forbidden Real paths of folders, and of files, in which no workspace lies.
 */
export function createRoots(roots: readonly string[], forbidden: readonly string[] = []): WorkspaceRoots {
  return {
    async resolve(path) {
      if (!isAbsolute(path)) throw new OutsideRootsError();
      const real = await realFolder(path);
      if (real === undefined || real.split('/').some(isGitName)) throw new OutsideRootsError();
      if (forbidden.some((folder) => isWithin(folder, real))) throw new OutsideRootsError();
      for (const root of roots) {
        const realRoot = await realFolder(root);
        if (realRoot !== undefined && isWithin(realRoot, real)) return real;
      }
      throw new OutsideRootsError();
    },
  };
}

async function realFolder(path: string): Promise<string | undefined> {
  try {
    const real = await realpath(path);
    return (await stat(real)).isDirectory() ? real : undefined;
  } catch {
    // Missing, unreadable, or a name that no file can have.
    return undefined;
  }
}
