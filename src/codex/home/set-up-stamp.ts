import { watch } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
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

/** The latest stamp. A request usually gets it without waiting for the file system. */
export interface Stamps {
  current(): Promise<string>;
  close(): void;
}

/** Keeps the latest stamp of the set-up. Changes of the login and of the machine's configuration are noticed at once. */
export function watchSetUp(folders: WatchedFolders): Stamps {
  return createStamps(
    () => stampSetUp(folders),
    (onChange) => watchFiles([...loginFiles(folders), ...systemFiles(folders.systemFolder)], onChange),
  );
}

/** Milliseconds after which the files are looked at again in any case: not every file system reports changes. */
const FRESH_MS = 1_000;

/**
 * Keeps the latest stamp. It is read again for the first request after a change was reported, or after a second.
 *
 * @param watch Calls `onChange` for every change that it notices; returns a function that ends this.
 */
export function createStamps(
  read: () => Promise<string>,
  watch: (onChange: () => void) => () => void,
): Stamps {
  let latest: Promise<string> | undefined;
  let readAt = 0;
  const close = watch(() => (latest = undefined));
  return {
    async current() {
      const now = performance.now();
      if (latest === undefined || now - readAt >= FRESH_MS) {
        readAt = now;
        latest = read();
      }
      return await latest;
    },
    close,
  };
}

/** Watches files in those of their folders that exist now and can be watched. */
function watchFiles(paths: readonly string[], onChange: () => void): () => void {
  const watchers = [...Map.groupBy(paths, dirname)].flatMap(([folder, files]) => {
    const names = new Set<string | null>([...files.map((file) => basename(file)), null]);
    try {
      const watcher = watch(folder, { persistent: false }, (_event, name) => {
        if (names.has(name)) onChange();
      });
      watcher.on('error', () => watcher.close());
      return [watcher];
    } catch {
      return [];
    }
  });
  return () => {
    for (const watcher of watchers) watcher.close();
  };
}

function loginFiles({ userHome }: WatchedFolders): string[] {
  return userHome === undefined ? [] : [loginFile(userHome)];
}

/** Returns a text that changes whenever the user's login, or the machine's configuration or root certificates do. */
export async function stampSetUp(folders: WatchedFolders): Promise<string> {
  const { systemFolder, rootStore } = folders;
  const roots = rootStore ? [rootStore.bundle, ...rootStore.folders] : [];
  return await stampFiles([...loginFiles(folders), ...systemFiles(systemFolder), ...roots]);
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
