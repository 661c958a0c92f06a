import pino from 'pino';
import type { Log, LogFields } from '../base/log.ts';

/** JSON lines on standard error. */
export function createLog(level: string): Log {
  const sink = pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination(2));
  return {
    debug: (message: string, fields?: LogFields) => sink.debug(fields ?? {}, message),
    info: (message: string, fields?: LogFields) => sink.info(fields ?? {}, message),
    warn: (message: string, fields?: LogFields) => sink.warn(fields ?? {}, message),
    error: (message: string, fields?: LogFields) => sink.error(fields ?? {}, message),
  };
}
