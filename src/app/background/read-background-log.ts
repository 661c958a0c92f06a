import { followLog, readLogEnd } from '../../service/log/read-log.ts';
import { backgroundLogPath } from './background-files.ts';

/** The log of the gateway in the background. */
export interface BackgroundLog {
  /** The last lines. */
  readonly lines: readonly string[];
  /** Yields the lines that are written after them, until the signal aborts. */
  follow(signal: AbortSignal): AsyncGenerator<string>;
}

/** Reads the end of the log; resolves to undefined if there is none. */
export async function readBackgroundLog(
  stateDirectory: string,
  count: number,
): Promise<BackgroundLog | undefined> {
  const path = backgroundLogPath(stateDirectory);
  const end = await readLogEnd(path, count);
  return end && { lines: end.lines, follow: (signal) => followLog(path, end.position, signal) };
}
