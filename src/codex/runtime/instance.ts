import { NEVER_ABORTED } from '../../base/async/abort.ts';
import { createId } from '../../base/ids.ts';
import { createRestorableHome, type HomePaths, type RestorableHome } from '../home/private-home.ts';
import type { Provider } from '../home/provider.ts';
import { quietLog } from '../home/quiet-log.ts';
import { readRoots } from '../home/root-store.ts';
import { readSystemConfig } from '../home/system-config.ts';
import { startAppServer } from '../process/app-server.ts';
import type { AppServer, Login } from '../process/connect-app-server.ts';
import { findRunning, supervise, type Supervisor } from '../process/supervisor.ts';
import type { AppServerSize } from './app-server-size.ts';
import type { CatalogEntry } from './catalog.ts';
import { findCatalog } from './find-catalog.ts';
import { findDatabases, makeDatabases } from './make-databases.ts';
import type { InstanceOptions } from './instance-options.ts';
import type { Profile } from './profile.ts';
import { closeWhenUnused, type UseCount } from './use-count.ts';

/** A supervised app-server with the login, the catalog and the machine's configuration as they were when it was started. */
export interface CodexInstance<State> extends UseCount {
  /** True if the account, or the list of its models, could not be read and should be read again. */
  readonly isProvisional: boolean;
  /** Codex's own catalog, by slug. */
  readonly catalog: ReadonlyMap<string, CatalogEntry>;
  /** Resolves to the running app-server; waits while it is started again. */
  current(signal: AbortSignal): Promise<AppServer<State>>;
  /** Resolves to the running app-server; to undefined while there is none. */
  running(): Promise<AppServer<State> | undefined>;
  /** Resolves to what the app-server takes; an app-server that does not run takes no memory. */
  size(): Promise<AppServerSize>;
  /** Returns the seconds until another app-server can take over, if the running one ends. */
  restartSeconds(): number;
  /** Resolves to true if someone has removed the app-server's home: it refuses every new thread then. */
  hasLostHome(): Promise<boolean>;
  /**
   * Reads a catalog again that was kept from an earlier start; resolves to true if it has changed, so that another instance is
   * needed.
   */
  catchUp(signal: AbortSignal): Promise<boolean>;
  close(): Promise<void>;
}

/** Starts an instance; rejects with a `StartupError` when that fails, and leaves nothing behind. */
export async function startInstance<State>(
  profile: Profile<State>,
  options: InstanceOptions,
  signal: AbortSignal,
  /** True if the catalog is to be read now, even if an earlier start has kept one. */
  isRefresh = false,
): Promise<CodexInstance<State>> {
  const { stateDirectory, userHome, rootStore, observer } = options;
  const reading = rootStore && readRoots(rootStore);
  const { modelProvider, config, outline } = await prepareConfig(profile, options);
  const { entries, isLive, catchUp } = await findCatalog({ ...options, config, outline, isRefresh }, signal);
  const databases = await findDatabases(options);
  const catalog = profile.catalog(entries);
  const roots = await reading;
  const home = await createRestorableHome(
    { stateDirectory, userHome, catalog, roots, databases, config },
    observer,
  );

  const start = (ending: AbortSignal) =>
    startChild(profile, { ...options, home, modelProvider }, AbortSignal.any([ending, signal]));
  const supervisor = await supervise({ start, observer }).catch(async (error: unknown) => {
    await home.remove();
    throw error;
  });
  // It has started already.
  const { login } = await supervisor.current(NEVER_ABORTED);
  const closing = new AbortController();
  const making = makeDatabases(databases, options, config, closing.signal);
  const close = async () => {
    closing.abort();
    await Promise.all([making, supervisor.close()]);
    await home.remove();
  };
  return {
    isProvisional: login.type === 'unknown' || (hasOwnModels(login, options.provider) && !isLive),
    catalog: new Map(entries.map((entry) => [entry.slug, entry])),
    current: supervisor.current,
    ...inspect(supervisor, home),
    restartSeconds: supervisor.restartSeconds,
    hasLostHome: home.isGone,
    catchUp,
    ...closeWhenUnused(close),
    close,
  };
}

interface ChildOptions extends InstanceOptions {
  readonly home: RestorableHome;
  readonly modelProvider: string;
}

/** Starts an app-server in its home, which is made again if it is gone. */
async function startChild<State>(
  profile: Profile<State>,
  { home, modelProvider, binary, environment, clientVersion, ignoreRows, observer, onSpawn }: ChildOptions,
  signal: AbortSignal,
): Promise<AppServer<State>> {
  const { path, workingDirectory, variables, hasDatabases } = await home.ensure();
  const client = profile.createClient({ workingDirectory, modelProvider, observer });
  const starting = startAppServer(
    {
      binary: binary.path,
      codexHome: path,
      workingDirectory,
      environment: { ...environment, ...variables },
      client,
      clientVersion,
      observer,
    },
    signal,
  );
  onSpawn?.();
  const server = await starting;
  if (!hasDatabases) await quietLog(path, ignoreRows, observer);
  return server;
}

/** Returns the functions that look at the app-server of the moment. */
function inspect<State>(
  supervisor: Supervisor<AppServer<State>>,
  home: RestorableHome,
): Pick<CodexInstance<State>, 'running' | 'size'> {
  const running = () => findRunning(supervisor);
  return {
    running,
    async size() {
      const server = await running();
      return { memoryBytes: (await server?.residentBytes()) ?? 0, logBytes: await home.logBytes() };
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
  /** The same without paths and the id of the provider, which differ from start to start. */
  readonly outline: object;
}

async function prepareConfig(profile: Profile<unknown>, options: InstanceOptions): Promise<PreparedConfig> {
  const system = await readSystemConfig(options.systemFolder);
  for (const key of system.leftovers) options.observer.observe({ type: 'system-config-leak', key });
  const modelProvider = createId('gateway_');
  return {
    modelProvider,
    config: (home) => profile.config({ home, system, modelProvider }),
    outline: profile.config({ home: { path: '', catalogPath: undefined }, system, modelProvider: '' }),
  };
}
