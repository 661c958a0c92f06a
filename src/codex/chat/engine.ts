import type { Log } from '../../base/log.ts';
import type { Engine } from '../../conversation/ports/engine.ts';
import type { Model } from '../../conversation/model.ts';
import type { Turn } from '../../conversation/turn.ts';
import type { AppServer, Login } from '../process/app-server.ts';
import { RpcError } from '../protocol/connection.ts';
import { notSignedIn } from './decode/decode-turn-error.ts';
import { createDiagnosis } from '../home/diagnose-provider.ts';
import { decodeModel } from './decode-model.ts';
import { decodeRpcError } from '../protocol/decode-rpc-error.ts';
import { stampFiles } from '../home/file-stamp.ts';
import { startGeneration, type CodexOptions, type Generation } from '../runtime/generation.ts';
import type { Caller } from '../protocol/intake.ts';
import { loginFile } from '../home/private-home.ts';
import { startRenewal } from '../runtime/renewal.ts';
import { runOnGeneration } from '../runtime/run-on-generation.ts';
import { runTurn } from './run-turn.ts';
import { systemFiles } from '../home/system-config.ts';
import { startTurnRun, type TurnQueue } from './turn-queue.ts';

export interface CodexEngine extends Engine {
  /** As it is now. */
  login(signal: AbortSignal): Promise<Login>;
  close(): Promise<void>;
}

/** Seconds beyond the idle deadline, by which Codex itself ends a silent turn, until its silence is looked into. */
const PATIENCE = 10;

/** Owner of the models in Codex's catalog, whichever provider is asked for them. */
const CATALOG_OWNER = 'openai';

/**
 * Turns on supervised app-servers with private homes. Rejects with a `StartupError` when none can be started, or with the
 * signal's reason when it aborts first.
 */
export async function startCodexEngine(options: CodexOptions, signal: AbortSignal): Promise<CodexEngine> {
  const { userHome, systemFolder, idleDeadline, command, log } = options;
  const watched = [...(userHome === undefined ? [] : [loginFile(userHome)]), ...systemFiles(systemFolder)];
  const renewal = await startRenewal({
    log,
    signal,
    // It outlives the request that may have made it necessary.
    start: (ending) => log.within({}, () => startGeneration(options, ending)),
    stamp: () => stampFiles(watched),
  });

  /** The app-server of the moment, for what it has told already. */
  async function lookAt(caller: AbortSignal): Promise<{ generation: Generation; server: AppServer }> {
    const { generation, release } = await renewal.take(caller);
    return { generation, server: await generation.current(caller).finally(release) };
  }

  const diagnose = createDiagnosis({
    baseUrl: options.provider.config.base_url ?? options.user.chatgpt_base_url,
    environment: options.environment,
  });

  /** The app-server of the last turn. */
  let latest: AppServer | undefined;

  const work = (turn: Turn, events: TurnQueue, caller: Caller) => async (generation: Generation) => {
    const server = await generation.current(caller.signal);
    checkLogin(server.login, command);
    latest = server;
    const watch = setInterval(() => void server.check(), (idleDeadline + PATIENCE) * 1000);
    const start = performance.now();
    await runTurn(server, turn, {
      contextLength: generation.known.get(turn.model)?.context_window ?? null,
      keyVariable: options.provider.config.env_key,
      retryAfter: options.retryAfter,
      command,
      events: refreshing(events, watch),
      ...caller,
    }).finally(() => clearInterval(watch));
    log.debug('turn', { model: turn.model, ms: Math.round(performance.now() - start) });
  };

  return {
    limits: () => latest?.notifications.limits ?? [],
    login: async (caller) => (await lookAt(caller)).server.login,
    requireLogin: async (caller) => checkLogin((await lookAt(caller)).server.login, command),
    async models(caller) {
      const { generation, server } = await lookAt(caller);
      return decodeModels(server, generation, options);
    },
    runTurn: (turn, signal, onQueue) =>
      startTurnRun({
        signal,
        explain: explainTo(log),
        diagnose,
        work: async (events) =>
          await runOnGeneration(renewal, signal, work(turn, events, { signal, onQueue })),
      }),
    close: renewal.close,
  };
}

/** Of a foreign provider's models only those are its own that somebody has named: Codex's catalog is OpenAI's. */
function decodeModels(
  { models }: AppServer,
  { known }: Generation,
  { provider, nativeTools, furtherModels }: CodexOptions,
): Model[] {
  const named = new Set(furtherModels.map(({ id }) => id));
  return models.map((model) => {
    const isOwn = named.has(model.model) || !known.has(model.model);
    return decodeModel(model, {
      ownedBy: isOwn ? provider.id : CATALOG_OWNER,
      nativeTools,
      known: known.get(model.model),
    });
  });
}

/** Names to the log the request that the app-server failed. */
function explainTo(log: Log): (error: unknown) => unknown {
  return (error) => {
    if (error instanceof RpcError) {
      const { method, failure, rpcCode } = error;
      log.warn('app-server request failed', { method, failure, code: rpcCode });
    }
    return decodeRpcError(error);
  };
}

/** Each event puts the look at a silent app-server off. */
function refreshing(events: TurnQueue, watch: NodeJS.Timeout): TurnQueue {
  return {
    ...events,
    push(event) {
      watch.refresh();
      return events.push(event);
    },
  };
}

function checkLogin({ type }: Login, command: string): void {
  if (type === 'signed-out') throw notSignedIn(command);
}
