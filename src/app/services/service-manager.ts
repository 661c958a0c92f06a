import type { Environment } from '../config/config.ts';

export interface ServiceOptions {
  /** Words that start the gateway. */
  readonly command: readonly string[];
  readonly environment: Environment;
  /** Names of variables from which the provider of Codex gets its key and headers. */
  readonly providerVariables: readonly string[];
  readonly signal: AbortSignal;
}

/** The part of the operating system that runs services for a user. */
export interface ServiceManager {
  /** The file that describes the service. */
  readonly path: string;
  readonly content: string;
  /** File from which the service gets further variables, if it exists. */
  readonly environmentFile: string;
  /** Names of variables that contain a secret, which the service does not get from the shell. */
  readonly secret: readonly string[];
  /** The command that shows its log. */
  readonly log: string;
  /** Folders that the service needs for its start. */
  readonly folders: readonly string[];
  /** Further advice after an installation, in lines. */
  readonly notes: readonly string[];
  /** Commands that make the manager read the file and start the service. */
  readonly enable: readonly ManagerCall[];
  /** Commands that stop the service, to be run before the file is removed. */
  readonly disable: readonly ManagerCall[];
  /** Commands to be run when the file is gone. */
  readonly forget: readonly ManagerCall[];
  /** Milliseconds that the manager may take to start a process once it has answered. */
  readonly settleMs: number;
  /** Asks how the service is. */
  readonly inspect: () => Promise<ServiceState>;
}

export type ManagerCall = readonly [program: string, ...args: string[]];

export interface ServiceState {
  readonly isRunning: boolean;
  /** Process of a service that runs. */
  readonly pid?: number;
  /** Lines for a person: a name and a value each. */
  readonly rows: readonly (readonly [name: string, value: string])[];
}
