import type { Environment } from '../config/config.ts';

export interface ServiceOptions {
  /** Words that start the gateway. */
  readonly command: readonly string[];
  readonly environment: Environment;
  readonly signal: AbortSignal;
}

/** The part of the operating system that runs services for a user. */
export interface ServiceManager {
  /** The file that describes the service. */
  readonly path: string;
  readonly content: string;
  /** Further advice after an installation, in lines. */
  readonly notes: readonly string[];
  /** Commands that make the manager read the file and start the service. */
  readonly enable: readonly ManagerCall[];
  /** Commands that stop the service, to be run before the file is removed. */
  readonly disable: readonly ManagerCall[];
  /** Commands to be run when the file is gone. */
  readonly forget: readonly ManagerCall[];
  /** Asks how the service is. */
  readonly inspect: () => Promise<ServiceState>;
}

export type ManagerCall = readonly [program: string, ...args: string[]];

export interface ServiceState {
  readonly isRunning: boolean;
  /** Lines for a person: a name and a value each. */
  readonly rows: readonly (readonly [name: string, value: string])[];
}
