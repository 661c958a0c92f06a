import { existsSync, readdirSync } from 'node:fs';
import { onTestFinished, vi } from 'vitest';
import { NdjsonWriter } from '../../src/codex/protocol/ndjson-writer.ts';
import { childrenOf, readStat, until } from './process.ts';

/** Returns the process id of the app-server that the gateway in this process has. */
export function appServerPid(): number {
  const [pid] = childrenOf(process.pid, 'app-server');
  if (pid === undefined) throw new Error('there is no app-server');
  return pid;
}

/** Returns true once all threads of a process have stopped. On a busy machine some of them still run after the signal. */
function isStopped(pid: number): boolean {
  const threads = `/proc/${pid}/task`;
  if (!existsSync(threads)) return true;
  return readdirSync(threads).every((id) => readStat(Number(id))?.state === 'T');
}

/**
 * Stops the app-server at the next line with a method, so that the gateway writes the line and gets no answer: the real one
 * answers too fast for a signal from outside to hit such a moment. Resolves when that has happened, to a function that kills
 * it.
 *
 * @param isSure Waits until it has stopped. Without that, it may answer the line on a busy machine; with it, it may answer the
 *   lines before.
 */
export async function stopAtLine(method: string, { isSure = false } = {}): Promise<() => void> {
  const stopped = Promise.withResolvers<() => void>();
  const { write } = NdjsonWriter.prototype;
  const spy = vi.spyOn(NdjsonWriter.prototype, 'write').mockImplementation(async function (
    this: NdjsonWriter,
    message,
  ) {
    if (!('method' in message) || message.method !== method) return await write.call(this, message);
    spy.mockRestore();
    const pid = appServerPid();
    process.kill(pid, 'SIGSTOP');
    if (isSure) await until(() => isStopped(pid));
    await write.call(this, message);
    stopped.resolve(() => void process.kill(pid, 'SIGKILL'));
  });
  onTestFinished(() => spy.mockRestore());
  return await stopped.promise;
}

/** Kills the app-server once the next line with a method has been written, before it is answered; as often as asked. */
export async function killAtLine(method: string, times = 1): Promise<void> {
  for (let count = 0; count < times; count += 1) {
    const kill = await stopAtLine(method, { isSure: true });
    kill();
  }
}
