import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const SCRIPT = fileURLToPath(new URL('store-process.ts', import.meta.url));

/**
 * `write` and `write-sessions` do much and end; `begin`, `end` and `run` save one response and stay, the last by a token of the
 * run alone; `run-session` makes a session that runs, and stays.
 */
export type Deed = 'write' | 'begin' | 'end' | 'run' | 'run-session' | 'write-sessions';

export interface StoreProcess {
  readonly pid: number;
  /** As by `kill -9`; resolves when it is gone. */
  kill(): Promise<void>;
}

/** Starts a process that does something with the store of a file; resolves when that is done. */
export async function startStoreProcess(path: string, deed: Deed, name: string): Promise<StoreProcess> {
  const child = spawn(process.execPath, [SCRIPT, path, deed, name], { stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const closed = once(child, 'close');
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data: Buffer) => {
      said += data.toString();
    });
  }
  await Promise.race([once(child.stdout, 'data'), closed]);
  if (said !== 'done\n') throw new Error(`the process said: ${said}`);
  return {
    pid: child.pid!,
    async kill() {
      child.kill('SIGKILL');
      await closed;
    },
  };
}
