import { NEVER_ABORTED } from '../../base/async/abort.ts';
import { createId } from '../../base/ids.ts';
import type { Observer } from '../../base/observation.ts';
import { createPrivateHome, createRestorableHome, type HomePaths } from '../home/private-home.ts';
import type { Provider } from '../home/provider.ts';
import { quietLog, type IgnoreRows } from '../home/quiet-log.ts';
import { readRoots, type RootStore } from '../home/root-store.ts';
import { readSystemConfig } from '../home/system-config.ts';
import { startAppServer, type AppServer, type Login } from '../process/app-server.ts';
import type { Binary } from '../process/binary.ts';
import { supervise } from '../process/supervisor.ts';
import { readCatalog, type Catalog, type CatalogEntry } from './catalog.ts';
import type { Profile } from './profile.ts';

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
  /** Codex's own catalog; undefined for the one that belongs to the login. */
  readonly catalog: readonly CatalogEntry[] | undefined;
  readonly clientVersion: string;
  readonly ignoreRows: IgnoreRows;
  readonly observer: Observer;
}

/** A supervised app-server with the login, the catalog and the machine's configuration as they were when it was started. */
export interface CodexInstance<State> {
  /** True if the account, or the list of its models, could not be read and should be read again. */
  readonly isProvisional: boolean;
  /** Codex's own catalog, by slug. */
  readonly catalog: ReadonlyMap<string, CatalogEntry>;
  /** Resolves to the running app-server; waits while it is started again. */
  current(signal: AbortSignal): Promise<AppServer<State>>;
  /** Keeps the instance alive until the returned function is called. */
  acquire(): () => void;
  /** Returns true once another instance has taken over. */
  isRetired(): boolean;
  /** Resolves to true if someone has removed the app-server's home: it refuses every new thread then. */
  hasLostHome(): Promise<boolean>;
  /** Closes the instance as soon as nobody uses it; settles when that has happened. */
  retire(): Promise<void>;
  close(): Promise<void>;
}

/** Starts an instance; rejects with a `StartupError` when that fails, and leaves nothing behind. */
export async function startInstance<State>(
  profile: Profile<State>,
  options: InstanceOptions,
  signal: AbortSignal,
): Promise<CodexInstance<State>> {
  const { stateDirectory, userHome, rootStore, observer } = options;
  const reading = rootStore && readRoots(rootStore);
  const { modelProvider, config } = await prepareConfig(profile, options);
  const { entries, isLive } = options.catalog
    ? { entries: options.catalog, isLive: true }
    : await findCatalog(options, config, signal);
  const catalog = profile.catalog(entries);
  const roots = await reading;
  const home = await createRestorableHome({ stateDirectory, userHome, catalog, roots, config }, observer);

  async function start(ending: AbortSignal): Promise<AppServer<State>> {
    const { path, workingDirectory, variables } = await home.ensure();
    const { binary, environment, clientVersion, ignoreRows } = options;
    const client = profile.createClient({ workingDirectory, modelProvider, observer });
    const server = await startAppServer(
      {
        binary: binary.path,
        codexHome: path,
        workingDirectory,
        environment: { ...environment, ...variables },
        client,
        clientVersion,
        observer,
      },
      AbortSignal.any([ending, signal]),
    );
    await quietLog(path, ignoreRows, observer);
    return server;
  }

  const supervisor = await supervise({ start, observer }).catch(async (error: unknown) => {
    await home.remove();
    throw error;
  });
  // It has started already.
  const { login } = await supervisor.current(NEVER_ABORTED);
  const close = async () => {
    await supervisor.close();
    await home.remove();
  };
  return {
    isProvisional: login.type === 'unknown' || (hasOwnModels(login, options.provider) && !isLive),
    catalog: new Map(entries.map((entry) => [entry.slug, entry])),
    current: supervisor.current,
    hasLostHome: home.isGone,
    ...closeWhenUnused(close),
    close,
  };
}

/** Counts the users of an instance, and closes a retired one after the last of them. */
function closeWhenUnused(
  close: () => Promise<void>,
): Pick<CodexInstance<unknown>, 'acquire' | 'retire' | 'isRetired'> {
  const unused = Promise.withResolvers<void>();
  let users = 0;
  let isRetired = false;
  function check() {
    if (isRetired && users === 0) unused.resolve();
  }
  return {
    acquire() {
      users += 1;
      return () => {
        users -= 1;
        check();
      };
    },
    isRetired: () => isRetired,
    async retire() {
      isRetired = true;
      check();
      await unused.promise;
      await close();
    },
  };
}

/** Returns true for an account of ChatGPT at OpenAI, where each has a list of models; another address may have none. */
function hasOwnModels(login: Login, { config }: Provider): boolean {
  return login.type === 'account' && login.account.type === 'chatgpt' && config.base_url === undefined;
}

interface PreparedConfig {
  readonly modelProvider: string;
  config(home: HomePaths): object;
}

async function prepareConfig(profile: Profile<unknown>, options: InstanceOptions): Promise<PreparedConfig> {
  const system = await readSystemConfig(options.systemFolder);
  for (const key of system.leftovers) options.observer.observe({ type: 'system-config-leak', key });
  const modelProvider = createId('gateway_');
  return { modelProvider, config: (home) => profile.config({ home, system, modelProvider }) };
}

/** Reads the catalog of the login, in a home without a catalog of the gateway's. */
async function findCatalog(
  options: InstanceOptions,
  config: PreparedConfig['config'],
  signal: AbortSignal,
): Promise<Catalog> {
  const { binary, environment, stateDirectory, userHome } = options;
  const home = await createPrivateHome({ stateDirectory, userHome, config });
  try {
    return await readCatalog({ binary: binary.path, environment, home, signal });
  } finally {
    await home.remove();
  }
}
