import { createId } from '../../base/ids.ts';
import type { Log } from '../../base/log.ts';
import { startAppServer, type AppServer, type AppServerOptions, type Login } from '../process/app-server.ts';
import type { Binary } from '../process/binary.ts';
import {
  bareCatalog,
  readCatalog,
  type Catalog,
  type CatalogEntry,
  type FurtherModel,
  type NativeTools,
} from '../home/catalog.ts';
import { leanConfig } from '../chat/lean-config.ts';
import { createLastingHome } from '../home/lasting-home.ts';
import { createPrivateHome, type HomePaths } from '../home/private-home.ts';
import type { Provider } from '../home/provider.ts';
import { quietLog, type IgnoreRows } from '../home/quiet-log.ts';
import { superviseAppServer } from '../process/supervisor.ts';
import { readSystemConfig } from '../home/system-config.ts';
import type { UserConfig } from '../home/user-config.ts';

export interface CodexOptions {
  readonly binary: Binary;
  readonly provider: Provider;
  readonly user: UserConfig;
  /** The user's CODEX_HOME; undefined where no login is to be used. */
  readonly userHome: string | undefined;
  /** Where the machine's own set-up of Codex lies. */
  readonly systemFolder: string;
  readonly stateDirectory: string;
  readonly environment: Record<string, string>;
  /** Codex's own catalog; undefined for the one that belongs to the login. */
  readonly catalog: readonly CatalogEntry[] | undefined;
  readonly furtherModels: readonly FurtherModel[];
  readonly nativeTools: NativeTools;
  /** Seconds. */
  readonly idleDeadline: number;
  /** Seconds until another try, where the provider does not say. */
  readonly retryAfter: number;
  /** Command by which the user calls this program, for advice in errors. */
  readonly command: string;
  readonly clientVersion: string;
  readonly ignoreRows: IgnoreRows;
  readonly log: Log;
}

/** A supervised app-server with the login, the catalog and the machine's set-up as they were when it was started. */
export interface Generation {
  /** Whether the account, or the list of its models, could not be had and should be asked for again. */
  readonly provisional: boolean;
  /** Codex's own catalog, by slug. */
  readonly known: ReadonlyMap<string, CatalogEntry>;
  /** The running app-server; waits while it is started again. */
  current(signal: AbortSignal): Promise<AppServer>;
  /** Keeps it alive until the returned function is called. */
  hold(): () => void;
  /** Resolves to true if someone has removed the app-server's home: it refuses every new thread then. */
  hasLostHome(): Promise<boolean>;
  /** Ends it as soon as nothing holds it, and settles then. */
  retire(): Promise<void>;
  close(): Promise<void>;
}

/** Rejects with a `StartupError` when it cannot be started, and leaves nothing behind. */
export async function startGeneration(options: CodexOptions, signal: AbortSignal): Promise<Generation> {
  const { binary, environment, clientVersion, stateDirectory, userHome, log } = options;
  const config = await createConfig(options);
  const { entries, live } = options.catalog
    ? { entries: options.catalog, live: true }
    : await askCatalog(options, config, signal);
  const catalog = bareCatalog(entries, options.furtherModels, options.nativeTools);
  const home = await createLastingHome({ stateDirectory, userHome, catalog, config: config.write }, log);

  async function start(ending: AbortSignal): Promise<AppServer> {
    const { path, workingDirectory } = await home.ensure();
    const child = {
      binary: binary.path,
      codexHome: path,
      workingDirectory,
      modelProvider: config.modelProvider,
      environment,
      clientVersion,
      log,
    };
    return await startQuietly(child, options.ignoreRows, AbortSignal.any([ending, signal]));
  }

  const supervisor = await superviseAppServer({ start, log }).catch(async (error: unknown) => {
    await home.remove();
    throw error;
  });
  // It is there already.
  const { login } = await supervisor.current(AbortSignal.any([]));
  const free = Promise.withResolvers<void>();
  let holders = 0;
  let retired = false;

  async function close(): Promise<void> {
    await supervisor.close();
    await home.remove();
  }
  function checkFree() {
    if (retired && holders === 0) free.resolve();
  }

  return {
    provisional: login.type === 'unknown' || (hasList(login, options.provider) && !live),
    known: new Map(entries.map((entry) => [entry.slug, entry])),
    current: supervisor.current,
    hold() {
      holders += 1;
      return () => {
        holders -= 1;
        checkFree();
      };
    },
    hasLostHome: home.isGone,
    async retire() {
      retired = true;
      checkFree();
      await free.promise;
      await close();
    },
    close,
  };
}

async function startQuietly(
  options: AppServerOptions,
  ignoreRows: IgnoreRows,
  signal: AbortSignal,
): Promise<AppServer> {
  const server = await startAppServer(options, signal);
  await quietLog(options.codexHome, ignoreRows, options.log);
  return server;
}

/** Every account of ChatGPT has a list of models, at OpenAI; another address may have none. */
function hasList(login: Login, { config }: Provider): boolean {
  return login.type === 'account' && login.account.type === 'chatgpt' && config.base_url === undefined;
}

interface ChildConfig {
  /** Nobody can guess it: an entry of the same id in the machine's set-up would be merged with it. */
  readonly modelProvider: string;
  write(home: HomePaths): object;
}

async function createConfig(options: CodexOptions): Promise<ChildConfig> {
  const { provider, user, systemFolder, idleDeadline, log } = options;
  const system = await readSystemConfig(systemFolder);
  for (const leftover of system.leftovers)
    log.warn("the machine's Codex set-up reaches turns", { key: leftover });
  const modelProvider = createId('gateway_');
  return {
    modelProvider,
    write: (home) => leanConfig({ provider, modelProvider, user, system, home, idleSeconds: idleDeadline }),
  };
}

/** What the account's provider lists, else what the binary does; asked in a home without a catalog of ours. */
async function askCatalog(options: CodexOptions, config: ChildConfig, signal: AbortSignal): Promise<Catalog> {
  const { binary, environment, stateDirectory, userHome } = options;
  const home = await createPrivateHome({ stateDirectory, userHome, config: config.write });
  try {
    return await readCatalog({ binary: binary.path, environment, home, signal });
  } finally {
    await home.remove();
  }
}
