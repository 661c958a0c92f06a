import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { createFolder } from './temporary-folder.ts';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

/** The path of a Chromium; undefined if there is none. `CHROMIUM_PATH` names one. */
export function findChromium(): string | undefined {
  const { CHROMIUM_PATH: named, PATH = '' } = process.env;
  if (named) return named;
  const paths = PATH.split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name)));
  return paths.find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

interface Browser {
  close(): Promise<void>;
}

/**
 * Opens a page in a browser without a window, whose files are in a folder of its own.
 * @param hosts Names that lead to 127.0.0.1. No other name but localhost leads anywhere.
 */
export function openBrowser(path: string, url: string, hosts: readonly string[]): Browser {
  const folder = createFolder();
  const rules = [
    ...hosts.map((host) => `MAP ${host} 127.0.0.1`),
    'MAP * ~NOTFOUND',
    'EXCLUDE localhost',
    'EXCLUDE 127.0.0.1',
  ];
  const child = spawn(
    path,
    [
      '--headless=new',
      // Its sandbox refuses to work for root.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--disable-gpu',
      '--disable-dev-shm-usage',
      '--disable-breakpad',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-default-apps',
      '--disable-extensions',
      '--disable-sync',
      '--no-default-browser-check',
      '--no-first-run',
      '--no-proxy-server',
      `--host-resolver-rules=${rules.join(', ')}`,
      `--user-data-dir=${join(folder, 'profile')}`,
      url,
    ],
    {
      stdio: 'ignore',
      // A group of its own, with all of its processes.
      detached: true,
      env: { PATH: process.env.PATH, HOME: folder, TMPDIR: folder },
    },
  );
  const closed = once(child, 'close');
  return {
    async close() {
      try {
        process.kill(-child.pid!, 'SIGKILL');
      } catch {
        // It has ended already.
      }
      await closed;
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
