import type { Observer } from '../../base/observation.ts';
import type { Provider } from '../home/provider.ts';
import type { IgnoreRows } from '../home/quiet-log.ts';
import type { RootStore } from '../home/root-store.ts';
import type { Binary } from '../process/binary.ts';
import type { AppServerSize } from './app-server-size.ts';
import type { CatalogEntry } from './catalog.ts';

/** A catalog that does not come from Codex. */
export interface CatalogSource {
  /** Returns its entries. An app-server is started again when another list is returned. */
  entries(): readonly CatalogEntry[];
}

export interface InstanceOptions {
  readonly binary: Binary;
  readonly provider: Provider;
  /** The user's CODEX_HOME; undefined if no login is to be used. */
  readonly userHome: string | undefined;
  /** Folder of the machine's own Codex configuration. */
  readonly systemFolder: string;
  readonly stateDirectory: string;
  readonly environment: Record<string, string>;
  /** The machine's root store, if a child may read it in a cheaper way than Codex does by default. */
  readonly rootStore?: RootStore | undefined;
  /** Catalog in place of the one that belongs to the login. */
  readonly catalog: CatalogSource | undefined;
  /** Folder for what later starts can use again; undefined keeps nothing. */
  readonly cacheDirectory?: string | undefined;
  /** True if empty databases are kept there, right after the start. */
  readonly makesDatabases?: boolean;
  readonly clientVersion: string;
  /** An app-server that has grown over them is replaced. */
  readonly sizeLimits?: AppServerSize;
  /** Called whenever a child has been spawned, and takes a while to start. */
  onSpawn?(): void;
  readonly ignoreRows: IgnoreRows;
  readonly observer: Observer;
}
