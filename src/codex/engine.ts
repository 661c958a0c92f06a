import type { Log } from '../base/log.ts';
import type { Engine } from '../conversation/engine.ts';
import { startAppServer, type Login } from './app-server.ts';
import type { Binary } from './binary.ts';
import { bareCatalog, type CatalogEntry, type NativeTools } from './catalog.ts';
import { RpcError } from './connection.ts';
import { notSignedIn } from './decode-error.ts';
import { decodeModel } from './decode-model.ts';
import { decodeRpcError } from './decode-rpc-error.ts';
import { leanConfig } from './lean-config.ts';
import { createPrivateHome, type PrivateHome } from './private-home.ts';
import type { Provider } from './provider.ts';
import { runTurn } from './run-turn.ts';
import { superviseAppServer, type Supervisor } from './supervisor.ts';
import type { UserConfig } from './user-config.ts';

export interface CodexEngineOptions {
  readonly binary: Binary;
  readonly provider: Provider;
  readonly user: UserConfig;
  /** The user's CODEX_HOME; undefined where no login is to be used. */
  readonly userHome: string | undefined;
  readonly stateDirectory: string;
  readonly environment: Record<string, string>;
  readonly catalog: readonly CatalogEntry[];
  readonly nativeTools: NativeTools;
  /** Seconds. */
  readonly idleDeadline: number;
  readonly clientVersion: string;
  readonly log: Log;
}

export interface CodexEngine extends Engine {
  /** As of the child's start. */
  readonly login: Login;
  readonly defaultModel: string;
  close(): Promise<void>;
}

/** Seconds beyond the idle deadline, by which Codex itself ends a silent turn, until its silence is looked into. */
const PATIENCE = 10;

/** Turns on a supervised app-server with a private home. Rejects with a `StartupError` when it cannot be started. */
export async function startCodexEngine(options: CodexEngineOptions): Promise<CodexEngine> {
  const { provider, catalog, idleDeadline, log } = options;
  const home = await createHome(options);
  const supervisor = await supervise(options, home);
  const { login, models } = await supervisor.current(new AbortController().signal);
  const known = new Map(catalog.map((entry) => [entry.slug, entry]));

  return {
    login,
    defaultModel: (models.find((model) => model.isDefault) ?? models[0])?.model ?? '',
    async models(signal) {
      const server = await supervisor.current(signal);
      return server.models.map((model) => decodeModel(model, provider.id, known.get(model.model)));
    },
    async *runTurn(turn, signal) {
      const server = await supervisor.current(signal);
      if (server.login.type === 'signed-out' && !home.hasLoginFile()) throw notSignedIn();
      const watch = setInterval(server.check, (idleDeadline + PATIENCE) * 1000);
      const start = performance.now();
      try {
        for await (const event of runTurn(server, turn, signal)) {
          watch.refresh();
          yield event;
        }
        log.debug('turn', { model: turn.model, ms: Math.round(performance.now() - start) });
      } catch (error) {
        if (error instanceof RpcError) {
          const { method, failure, rpcCode } = error;
          log.warn('app-server request failed', { method, failure, code: rpcCode });
        }
        throw decodeRpcError(error);
      } finally {
        clearInterval(watch);
      }
    },
    async close() {
      await supervisor.close();
      await home.remove();
    },
  };
}

async function createHome(options: CodexEngineOptions): Promise<PrivateHome> {
  const { provider, user, catalog, nativeTools, idleDeadline, stateDirectory, userHome } = options;
  return await createPrivateHome({
    stateDirectory,
    userHome,
    catalog: bareCatalog(catalog, user.model === undefined ? [] : [user.model], nativeTools),
    config: (catalogPath) => leanConfig({ provider, user, catalogPath, idleSeconds: idleDeadline }),
  });
}

/** Starts the first child; where that fails the home goes too. */
async function supervise(options: CodexEngineOptions, home: PrivateHome): Promise<Supervisor> {
  const { binary, environment, clientVersion, log } = options;
  const { path: codexHome, workingDirectory } = home;
  const child = { binary: binary.path, codexHome, workingDirectory, environment, clientVersion, log };
  try {
    return await superviseAppServer({ start: (signal) => startAppServer(child, signal), log });
  } catch (error) {
    await home.remove();
    throw error;
  }
}
