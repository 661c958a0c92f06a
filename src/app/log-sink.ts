import type { Log, LogFields } from '../base/log.ts';
import type { LOG_LEVELS } from './config-file.ts';
import { standardError, type Output } from './output.ts';

/** As the log viewers of Node know them. */
const LEVELS = { debug: 20, info: 30, warn: 40, error: 50 } as const;

type Level = keyof typeof LEVELS;

/** JSON lines of a level and above. */
export function createLog(
  minimum: (typeof LOG_LEVELS)[number],
  output: Pick<Output, 'write' | 'reportLoss'> = standardError,
): Log {
  const threshold = minimum === 'silent' ? Infinity : LEVELS[minimum];
  const writeLine = (level: Level) => (message: string, fields?: LogFields) => {
    if (LEVELS[level] >= threshold) output.write(formatLine(level, message, fields));
  };
  if (LEVELS.warn >= threshold) {
    output.reportLoss((lines, problem) => formatLine('warn', 'log lines were lost', { lines, problem }));
  }
  return {
    debug: writeLine('debug'),
    info: writeLine('info'),
    warn: writeLine('warn'),
    error: writeLine('error'),
  };
}

function formatLine(level: Level, message: string, fields?: LogFields): string {
  const time = new Date().toISOString();
  return `${JSON.stringify({ level: LEVELS[level], time, ...fields, msg: message })}\n`;
}
