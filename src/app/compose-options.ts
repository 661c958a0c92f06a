import type { Observer } from '../base/observation.ts';
import type { CatalogSource } from '../codex/runtime/instance-options.ts';
import type { Environment, Flags, Settings } from './config/config.ts';

export interface ComposeOptions {
  readonly settings: Settings;
  /** Options of the command line, by which the console says where a setting is from. */
  readonly flags?: Flags;
  readonly environment: Environment;
  readonly observer: Observer;
  readonly demo: boolean;
  /** True for a process that does nothing else: it gives memory back at rest, and keeps databases for later starts. */
  readonly isServer?: boolean;
  /** Options of a start in the background, with which `restart` starts the gateway again. */
  readonly launch?: Readonly<Record<string, string | boolean>> | undefined;
  /** Creates no record by which other commands could find the gateway. */
  readonly isPrivate?: boolean;
  /** Folder of the machine's own Codex configuration. */
  readonly systemFolder?: string;
  /** Codex's own catalog, if it is known; otherwise Codex is asked. */
  readonly catalog?: CatalogSource | undefined;
  /** Aborts the start. */
  readonly signal?: AbortSignal;
}
