import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { withTimeout } from '../../base/async/with-timeout.ts';
import type { Environment } from '../config/config.ts';

/** Milliseconds in which the program that opens a browser says that there is none. */
const PATIENCE_MS = 1_000;

/** Opens a link in the browser of the person at this machine. Resolves to false where that is not possible. */
export async function openInBrowser(link: string, environment: Environment): Promise<boolean> {
  const { DISPLAY, WAYLAND_DISPLAY, BROWSER } = environment;
  const isMac = process.platform === 'darwin';
  if (!isMac && !DISPLAY && !WAYLAND_DISPLAY && !BROWSER) return false;
  const child = spawn(isMac ? 'open' : 'xdg-open', [link], {
    stdio: 'ignore',
    detached: true,
    env: { ...environment },
  });
  try {
    await once(child, 'spawn');
    child.unref();
    // It ends at once if there is no browser, and stays as long as some browsers do.
    const ended = await withTimeout(once(child, 'exit'), PATIENCE_MS);
    return ended === 'timeout' || ended[0] === 0;
  } catch {
    return false;
  }
}
