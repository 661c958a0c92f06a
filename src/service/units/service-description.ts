/** A gateway as a service of the operating system. */
export interface ServiceDescription {
  /** Words of the command line. */
  readonly command: readonly string[];
  /** Variables of its environment. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Seconds after a failure until the next start. */
export const RESTART_SECONDS = 5;

/** Seconds that a stop may take before the service is killed: running requests have ten of them. */
export const STOP_SECONDS = 30;
