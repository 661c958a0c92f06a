import type { Model as CodexModel } from '../../generated/v2/Model.js';
import type { Log } from '../base/log.ts';
import type { Engine } from '../conversation/engine.ts';
import type { Model } from '../conversation/model.ts';
import { startAppServer, type Login } from './app-server.ts';
import type { Binary } from './binary.ts';
import { bareCatalog, type CatalogEntry, type NativeTools } from './catalog.ts';
import { RpcError } from './connection.ts';
import { notSignedIn } from './decode-error.ts';
import { decodeRpcError } from './decode-rpc-error.ts';
import { leanConfig } from './lean-config.ts';
import { createPrivateHome } from './private-home.ts';
import type { Provider } from './provider.ts';
import { runTurn } from './run-turn.ts';
import { superviseAppServer } from './supervisor.ts';
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
  const { binary, provider, user, catalog, log } = options;
  const home = await createPrivateHome({
    stateDirectory: options.stateDirectory,
    userHome: options.userHome,
    catalog: bareCatalog(catalog, user.model === undefined ? [] : [user.model], options.nativeTools),
    config: (catalogPath) => leanConfig({ provider, user, catalogPath, idleSeconds: options.idleDeadline }),
  });
  const start = (signal: AbortSignal) =>
    startAppServer(
      {
        binary: binary.path,
        codexHome: home.path,
        workingDirectory: home.workingDirectory,
        environment: options.environment,
        clientVersion: options.clientVersion,
        log,
      },
      signal,
    );
  const supervisor = await superviseAppServer({ start, log }).catch(async (error: unknown) => {
    await home.remove();
    throw error;
  });
  const { login, models } = await supervisor.current(new AbortController().signal);
  const defaultModel = (models.find((model) => model.isDefault) ?? models[0])?.model ?? '';
  const known = new Map(catalog.map((entry) => [entry.slug, entry]));

  return {
    login,
    defaultModel,
    async models(signal) {
      const server = await supervisor.current(signal);
      return server.models.map((model) => decodeModel(model, provider.id, known.get(model.model)));
    },
    async *runTurn(turn, signal) {
      const server = await supervisor.current(signal);
      if (server.login.type === 'signed-out' && !home.hasLoginFile()) throw notSignedIn();
      const watch = setInterval(
        () => void supervisor.check(server),
        (options.idleDeadline + PATIENCE) * 1000,
      );
      try {
        for await (const event of runTurn(server, turn, signal)) {
          watch.refresh();
          yield event;
        }
      } catch (error) {
        if (error instanceof RpcError) {
          const { method, failure, rpcCode } = error;
          log.warn('app-server request failed', { method, failure, code: rpcCode });
          if (failure === 'timeout') void supervisor.check(server);
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

/** `model/list` entry. What the child's own catalog overstates to keep its hands off a turn is told as it really is. */
function decodeModel(model: CodexModel, ownedBy: string, known: CatalogEntry | undefined): Model {
  return {
    id: model.model,
    listed: !model.hidden,
    ownedBy,
    contextLength: known?.context_window ?? null,
    reasoningEfforts: model.supportedReasoningEfforts.map(({ reasoningEffort }) => reasoningEffort),
    inputModalities: known?.input_modalities ?? ['text'],
  };
}
