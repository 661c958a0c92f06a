import { lstatSync, rmdirSync, unlinkSync } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { findMissingPlaces, type ProfileLimits } from './permission-profiles.ts';

/**
 * The places that the sandbox protects or hides in a workspace. It makes those that are missing, as folders or as files, to mount
 * something there, and leaves them behind. While a command runs they have to stay: without the mount, it could make a folder of its own there.
 */
export interface MountPoints {
  /**
   * Notes what is missing in a workspace before commands run there. Returns a function for their end: after the last of them, the
   * places that have been made are removed, at once.
   */
  hold(workspace: string): Promise<() => void>;
}

const NAMES = ['.agents', '.aws', '.codex', '.git'];

interface Held {
  count: number;
  readonly missing: Promise<readonly string[]>;
}

export function createMountPoints(limits: ProfileLimits): MountPoints {
  const workspaces = new Map<string, Held>();
  return {
    async hold(workspace) {
      const held = workspaces.get(workspace) ?? { count: 0, missing: findMissing(workspace, limits) };
      workspaces.set(workspace, held);
      held.count += 1;
      const missing = await held.missing;
      let isHeld = true;
      return () => {
        if (!isHeld) return;
        isHeld = false;
        held.count -= 1;
        if (held.count > 0) return;
        workspaces.delete(workspace);
        missing.forEach(removeEmpty);
      };
    },
  };
}

async function findMissing(workspace: string, limits: ProfileLimits): Promise<readonly string[]> {
  const paths = NAMES.map((name) => join(workspace, name));
  const found = await Promise.all(paths.map(async (path) => await lstat(path).catch(() => undefined)));
  const missing = paths.filter((_path, index) => found[index] === undefined);
  return [...missing, ...(await findMissingPlaces(workspace, limits))];
}

function removeEmpty(path: string): void {
  try {
    const found = lstatSync(path);
    if (found.isDirectory()) rmdirSync(path);
    else if (found.isFile() && found.size === 0) unlinkSync(path);
  } catch {
    // It was not made, or somebody has put something there.
  }
}
