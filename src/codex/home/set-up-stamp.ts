import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { loginFile } from './private-home.ts';
import type { RootStore } from './root-store.ts';
import { systemFiles } from './system-config.ts';

export interface WatchedFolders {
  /** The user's CODEX_HOME; undefined if no login is used. */
  readonly userHome: string | undefined;
  /** Folder of the machine's own Codex configuration. */
  readonly systemFolder: string;
  /** Root certificates that app-servers read through links of their own. */
  readonly rootStore?: RootStore | undefined;
}

/** Returns a text that changes whenever the user's login, or the machine's configuration or root certificates do. */
export async function stampSetUp({ userHome, systemFolder, rootStore }: WatchedFolders): Promise<string> {
  const login = userHome === undefined ? [] : [loginFile(userHome)];
  const roots = rootStore ? [rootStore.bundle, ...rootStore.folders] : [];
  return await stampFiles([...login, ...systemFiles(systemFolder), ...roots]);
}

/**
 * Returns a text that changes whenever one of the files is written, replaced, created or removed. A folder that does not
 * exist, as on most machines that of the machine's configuration, is looked at once for all of its files.
 */
export async function stampFiles(paths: readonly string[]): Promise<string> {
  const folders = Map.groupBy(paths, dirname);
  const stamps = await Promise.all([...folders].map(([folder, files]) => stampFolder(folder, files)));
  return stamps.join();
}

async function stampFolder(folder: string, files: readonly string[]): Promise<string> {
  // For a single file, the folder would save nothing.
  if (files.length > 1 && (await stampFile(folder)) === '') return files.map(() => '').join();
  return (await Promise.all(files.map(stampFile))).join();
}

async function stampFile(path: string): Promise<string> {
  const found = await stat(path, { bigint: true }).catch(() => undefined);
  return found ? `${found.ino}:${found.mtimeNs}:${found.size}` : '';
}

/**
 * Creates a function that resolves to true if the stamp has changed since its last call. A call that began before one that
 * has already ended has read an older stamp, and reports no change.
 */
export function createChangeDetector(stamp: () => Promise<string>): () => Promise<boolean> {
  let calls = 0;
  let latest = 0;
  let seen = '';
  return async () => {
    calls += 1;
    const call = calls;
    const now = await stamp();
    if (call < latest) return false;
    latest = call;
    const isChange = now !== seen;
    seen = now;
    return isChange;
  };
}
