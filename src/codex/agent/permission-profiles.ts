import { lstat, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isBelow } from '../../base/is-below.ts';
import type { JsonValue } from '../../../generated/serde_json/JsonValue.js';

export interface ProfileLimits {
  /** Files and folders that the agent must not even read: the gateway's own. */
  readonly forbidden: readonly string[];
  /** Real paths of folders in which no command writes, also if they lie in the workspace. */
  readonly readOnly: readonly string[];
}

/** Names of the permission profiles. Commands under either have no network, and `/tmp` and `.git` are read-only. */
export const READ = 'gateway_read';
export const WRITE = 'gateway_write';

/** Returns the permission profiles of a thread, by the names of their settings. */
export async function permissionProfiles(
  workspace: string,
  limits: ProfileLimits,
): Promise<Record<string, JsonValue>> {
  const places = (paths: readonly string[], rule: string) => findPlaces(workspace, paths, rule);
  // A place that nobody may read stays so.
  const kept = limits.readOnly.filter(
    (path) => isBelow(workspace, path) && !limits.forbidden.some((folder) => isBelow(folder, path)),
  );
  // The sandbox hides a whole folder, and cannot be set up if it shall hide something in it as well.
  const denied = withoutNested(await places(limits.forbidden, 'deny'));
  const writable = { ':workspace_roots': { '.': 'write' }, ...(await places(kept, 'read')) };
  return {
    [`permissions.${READ}`]: profile({}, denied),
    [`permissions.${WRITE}`]: profile(writable, denied),
  };
}

/** Returns a profile that denies reading something: without that, Codex may run an allowed command again outside the sandbox. */
function profile(writable: Record<string, JsonValue>, denied: Record<string, JsonValue>): JsonValue {
  return { filesystem: { ':root': 'read', ...writable, ...denied }, network: { enabled: false } };
}

/** Returns the places in a workspace that the sandbox hides or protects although they are missing, by their outermost missing folder. */
export async function findMissingPlaces(
  workspace: string,
  { forbidden, readOnly }: ProfileLimits,
): Promise<readonly string[]> {
  const inside = [...forbidden, ...readOnly].filter((path) => isBelow(workspace, path));
  const found = await Promise.all(inside.map(findMissing));
  const isMissing = await Promise.all(
    found.map(async (path) => (await lstat(path).catch(() => undefined)) === undefined),
  );
  return found.filter((_path, index) => isMissing[index]);
}

async function findPlaces(
  workspace: string,
  paths: readonly string[],
  rule: string,
): Promise<Record<string, JsonValue>> {
  const found = await Promise.all(
    paths.map(async (path) => (isBelow(workspace, path) ? await findMissing(path) : path)),
  );
  return Object.fromEntries(found.map((path) => [path, rule]));
}

/**
 * Returns the path, or the outermost folder on its way that is missing: two sandboxes that hide a place in a missing folder at
 * the same time would get in each other's way.
 */
async function findMissing(path: string): Promise<string> {
  const parent = dirname(path);
  // A missing folder is hidden by a file as long as a sandbox lives.
  const found = await stat(parent).catch(() => undefined);
  return found?.isDirectory() === true ? path : await findMissing(parent);
}

function withoutNested(rules: Record<string, JsonValue>): Record<string, JsonValue> {
  const paths = Object.keys(rules);
  const isNested = (path: string) => paths.some((folder) => isBelow(folder, path));
  return Object.fromEntries(Object.entries(rules).filter(([path]) => !isNested(path)));
}
