import type { Facts, Observer } from './observation.ts';

/** Facts of one log line. */
export type LogFields = Facts;

/** Lines of text for those who run the gateway, next to the observations that it hears. */
export interface Log extends Observer {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}
