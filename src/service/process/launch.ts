import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open } from 'node:fs/promises';

export interface LaunchOptions {
  /** Words of the command line. */
  readonly command: readonly [program: string, ...args: string[]];
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** File to which its standard error is appended. */
  readonly logPath: string;
}

/** A process that outlives the one that started it. */
export interface LaunchedProcess {
  readonly pid: number;
  /** Resolves to its exit code, or to the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
}

/**
 * Starts a process in a session of its own, without a terminal. It works in the root folder, so that it keeps no folder
 * in use and none can be removed under it.
 */
export async function launchDetached({
  command: [program, ...args],
  environment,
  logPath,
}: LaunchOptions): Promise<LaunchedProcess> {
  const log = await open(logPath, 'a', 0o600);
  try {
    const child = spawn(program, args, {
      detached: true,
      cwd: '/',
      env: environment,
      stdio: ['ignore', 'ignore', log.fd],
    });
    const ended = once(child, 'exit').then(
      ([code, signal]) => (code as number | null) ?? (signal as NodeJS.Signals),
    );
    ended.catch(() => {});
    await once(child, 'spawn');
    child.unref();
    return { pid: child.pid!, ended };
  } finally {
    await log.close();
  }
}
