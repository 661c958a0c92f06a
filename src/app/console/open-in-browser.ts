import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Environment } from '../config/config.ts';

/** Opens a link in the browser of the person at this machine. Resolves to false where that is not possible. */
export async function openInBrowser(link: string, environment: Environment): Promise<boolean> {
  const { DISPLAY, WAYLAND_DISPLAY, BROWSER } = environment;
  const isMac = process.platform === 'darwin';
  if (!isMac && !DISPLAY && !WAYLAND_DISPLAY && !BROWSER) return false;
  const child = spawn(isMac ? 'open' : 'xdg-open', [link], { stdio: 'ignore', detached: true });
  try {
    await once(child, 'spawn');
    child.unref();
    return true;
  } catch {
    return false;
  }
}
