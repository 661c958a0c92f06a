import { AsyncLocalStorage } from 'node:async_hooks';
import { isatty } from 'node:tty';
import type { Log, LogFields } from '../../base/log.ts';
import type { ObservationScope } from '../../base/observation.ts';
import type { Settings } from '../config/config.ts';
import { describeObservation } from './describe-observation.ts';
import { formatForPeople, type LogLine } from './format-for-people.ts';
import { standardError, type Output } from './output.ts';

/** As the log viewers of Node know them. */
const LEVELS = { debug: 20, info: 30, warn: 40, error: 50 } as const;

export type LogSettings = Pick<Settings, 'logLevel' | 'logFormat'>;

/** Writes lines of a level and above to standard error: for people on a terminal, as JSON elsewhere. */
export function createLog(
  { logLevel, logFormat }: LogSettings,
  output: Pick<Output, 'write' | 'reportLoss'> = standardError,
): Log {
  const scope = new AsyncLocalStorage<ObservationScope>();
  const threshold = logLevel === 'silent' ? Infinity : LEVELS[logLevel];
  const isForPeople = logFormat === 'text' || (logFormat === 'auto' && isatty(2));
  const format = isForPeople ? formatForPeople : formatAsJson;

  const writeLine = (level: LogLine['level']) => (message: string, fields?: LogFields) => {
    if (LEVELS[level] < threshold) return;
    output.write(format({ level, time: new Date(), message, fields: { ...scope.getStore(), ...fields } }));
  };
  if (LEVELS.warn >= threshold) {
    output.reportLoss((lines, problem) =>
      format({
        level: 'warn',
        time: new Date(),
        message: 'log lines were lost',
        fields: { lines, problem },
      }),
    );
  }
  const write = {
    debug: writeLine('debug'),
    info: writeLine('info'),
    warn: writeLine('warn'),
    error: writeLine('error'),
  };
  return {
    ...write,
    observe(observation) {
      const line = describeObservation(observation);
      if (line) write[line.level](line.message, line.fields);
    },
    within: (value, run) => scope.run(value, run),
  };
}

function formatAsJson({ level, time, message, fields }: LogLine): string {
  return `${JSON.stringify({ level: LEVELS[level], time: time.toISOString(), ...fields, msg: message })}\n`;
}
