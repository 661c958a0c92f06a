import { writeSync } from 'node:fs';

/**
 * Says what was being done if the process ends before the returned function is called. Nothing else can: code that calls
 * `process.exit` leaves no time for the log.
 */
export function watchExit(message: string): () => void {
  function onExit(code: number): void {
    if (code === 0) process.exitCode = 1;
    try {
      writeSync(2, `codex-gateway: ${message}\n`);
    } catch {
      // Nobody reads it.
    }
  }
  process.once('exit', onExit);
  return () => void process.off('exit', onExit);
}
