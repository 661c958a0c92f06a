import { isatty } from 'node:tty';
import type { Facts } from '../../base/facts.ts';
import type { ObservationScope } from '../../base/observation.ts';
import type { Settings } from '../config/config.ts';
import { formatForPeople, type LogLine } from './format-for-people.ts';
import { standardError, type Output } from './output.ts';

/** Level numbers that Node's log viewers know. */
const LEVELS = { debug: 20, info: 30, warn: 40, error: 50 } as const;

export type LogSettings = Pick<Settings, 'logLevel' | 'logFormat'>;

/** Writes a line, with the fields of its scope first. */
export type WriteLine = (line: Omit<LogLine, 'time'>, scope?: ObservationScope) => void;

/** Writes lines at a level and above to standard error: as text on a terminal, as JSON elsewhere. */
export function createLog(
  { logLevel, logFormat }: LogSettings,
  output: Pick<Output, 'write' | 'reportLoss'> = standardError,
): WriteLine {
  const threshold = logLevel === 'silent' ? Infinity : LEVELS[logLevel];
  const isForPeople = logFormat === 'text' || (logFormat === 'auto' && isatty(2));
  const format = isForPeople ? formatForPeople : formatAsJson;
  const formatNow = (line: Omit<LogLine, 'time'>, fields: Facts) =>
    format({ ...line, time: new Date(), fields });

  if (LEVELS.warn >= threshold) {
    output.reportLoss((lines, problem) =>
      formatNow({ level: 'warn', message: 'log lines were lost', fields: {} }, { lines, problem }),
    );
  }
  return (line, scope = {}) => {
    if (LEVELS[line.level] >= threshold) output.write(formatNow(line, { ...scope, ...line.fields }));
  };
}

function formatAsJson({ level, time, message, fields }: LogLine): string {
  return `${JSON.stringify({ level: LEVELS[level], time: time.toISOString(), ...fields, msg: message })}\n`;
}
