/** Facts of one log line. Prompts, answers and secrets have no place in it, at any level. */
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** Where the rooms report to; the sink is chosen in `app`. */
export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** Runs something whose lines, and those of everything it starts, carry these fields and no others from outside. */
  within<T>(fields: LogFields, run: () => T): T;
}
