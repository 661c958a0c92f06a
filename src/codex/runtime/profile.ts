import type { Observer } from '../../base/observation.ts';
import type { HomePaths } from '../home/private-home.ts';
import type { SystemConfig } from '../home/system-config.ts';
import type { AppServerClient } from '../process/connect-app-server.ts';
import type { CatalogEntry } from './catalog.ts';

/**
 * A use of the app-server: how a child is configured, which notifications are heard, and how requests of the app-server are
 * answered. Each child process belongs to one profile.
 */
export interface Profile<State> {
  /** Returns the child's whole `config.toml`, as a value. */
  config(context: ConfigContext): object;
  /** Returns the child's catalog of models, made from Codex's own; undefined lets Codex use its own. */
  catalog(known: readonly CatalogEntry[]): object | undefined;
  /** Creates the profile's part in a child that is about to start. */
  createClient(child: ChildContext): AppServerClient<State>;
}

interface ConfigContext {
  readonly home: HomePaths;
  /** The machine's own configuration, which Codex reads as well. */
  readonly system: SystemConfig;
  /** Id of the provider, which nobody can guess: an entry with the same id in the machine's configuration would be merged. */
  readonly modelProvider: string;
}

export interface ChildContext {
  /** An empty folder for threads. */
  readonly workingDirectory: string;
  readonly modelProvider: string;
  readonly observer: Observer;
}
