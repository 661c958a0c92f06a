import type { AskedMark } from '../../base/asked-mark.ts';
import { abortable } from '../../base/async/abort.ts';
import { withTimeout } from '../../base/async/with-timeout.ts';
import type { Observer } from '../../base/observation.ts';
import type { Engine } from '../../conversation/ports/engine.ts';
import type { Model } from '../../conversation/model.ts';
import type { Turn } from '../../conversation/turn.ts';
import type { TurnEvent } from '../../conversation/turn-event.ts';
import { createDiagnosis } from '../home/diagnose-provider.ts';
import type { Login } from '../process/connect-app-server.ts';
import { decodeRpcError, isLost, RpcError } from '../protocol/rpc-error.ts';
import type { CodexInstance } from '../runtime/instance.ts';
import type { InstanceOptions } from '../runtime/instance-options.ts';
import type { InstanceManager } from '../runtime/instance-manager.ts';
import { probeInstance, type EngineState } from '../runtime/probe-instance.ts';
import { runOnInstance } from '../runtime/run-on-instance.ts';
import { notSignedIn } from './decode/decode-turn-error.ts';
import { decodeModel } from './decode-model.ts';
import type { TurnCaller } from './continuation/thread-interface.ts';
import type { BareAppServer, BareProfileOptions, BareState } from './profile/profile.ts';
import { runTurnOnThread } from './run-turn-on-thread.ts';
import { createToolEncoder, type ToolEncoder } from './tool-encoder.ts';
import { startTurnRun, type TurnEventQueue } from './turn-event-queue.ts';

// The way of a turn, each function around the next:
//
//   runTurn           in ../../gateway/turn/run-turn.ts: its place among the turns, and its deadlines
//   Engine.runTurn    the port, below
//   startTurnRun      the queue of its events, and the errors that the reader sees
//   runOnInstance     the instance in charge; another one if the first has ended or lost its home
//   runWatchedTurn    the app-server, whose health is checked when the turn is silent
//   runTurnOnThread   its thread: a new one, or the one that holds the beginning of its conversation

export interface CodexEngine extends Engine {
  /** Resolves to the login as it is now. */
  login(signal: AbortSignal): Promise<Login>;
  /** Resolves to the state of the moment, and waits for nothing that has to be started. */
  probe(): Promise<EngineState>;
  /** Resolves to the bytes of memory that its app-servers take. */
  memoryBytes(): Promise<number>;
  /** Keeps nothing ready for further requests any more; those that run go on. */
  drain(): void;
  close(): Promise<void>;
}

export interface CodexEngineOptions extends InstanceOptions, BareProfileOptions {
  /** Seconds until another attempt, for errors of a provider that names no time. */
  readonly retryAfter: number;
  /** Command by which the user calls this program, for advice in errors. */
  readonly command: string;
}

/** Seconds after the idle deadline, at which Codex itself ends a silent turn, until the health of the app-server is checked. */
const HEALTH_CHECK_SECONDS = 10;

/** Longest time, in milliseconds, between the loss of an app-server and its end; one that was only late does not end. */
const EXIT_TIMEOUT_MS = 3_000;

/** Owner of the models in Codex's catalog, even if another provider serves them. */
const CATALOG_OWNER = 'openai';

type BareInstance = CodexInstance<BareState>;

/** The part of an engine that starts and replaces its instances. */
export interface EngineInstances {
  readonly manager: InstanceManager<BareInstance>;
  /** Keeps nothing ready for further requests any more. */
  drain(): void;
  close(): Promise<void>;
}

/** Creates the engine, which runs turns on its instances. */
export function createCodexEngine(options: CodexEngineOptions, instances: EngineInstances): CodexEngine {
  const { manager, drain, close } = instances;
  const { command } = options;

  async function currentServer(
    caller: AbortSignal,
  ): Promise<{ instance: BareInstance; server: BareAppServer }> {
    const { instance, release } = await manager.acquire(caller);
    return { instance, server: await instance.current(caller).finally(release) };
  }

  /** The app-server of the latest turn. */
  let latest: BareAppServer | undefined;
  const onServer = (server: BareAppServer) => {
    latest = server;
  };

  return {
    limits: () => latest?.state.limits() ?? [],
    login: async (caller) => (await currentServer(caller)).server.login,
    probe: async () => await probeInstance(manager),
    async memoryBytes() {
      const sizes = await Promise.all(manager.open().map((instance) => instance.size()));
      return sizes.reduce((sum, { memoryBytes }) => sum + memoryBytes, 0);
    },
    requireLogin: async (_model, caller) => checkLogin((await currentServer(caller)).server.login, command),
    async models(caller) {
      const { instance, server } = await currentServer(caller);
      return decodeModels(server, instance, options);
    },
    runTurn: createTurnRuns(options, manager, onServer),
    drain,
    close,
  };
}

/** Returns the function that runs turns; `onServer` hears of the app-server that each is about to use. */
function createTurnRuns(
  options: CodexEngineOptions,
  manager: EngineInstances['manager'],
  onServer: (server: BareAppServer) => void,
): CodexEngine['runTurn'] {
  const { provider, user, environment, command, observer } = options;
  const baseUrl = provider.config.base_url ?? user.chatgpt_base_url;
  const diagnose = createDiagnosis({ baseUrl, environment });
  const tools = createToolEncoder();

  async function work(instance: BareInstance, turn: Turn, watched: WatchedTurn): Promise<void> {
    const { signal } = watched.caller;
    const server = await instance.current(signal);
    checkLogin(server.login, command);
    onServer(server);
    try {
      await runWatchedTurn(server, turn, instance, { ...options, ...watched, tools });
    } catch (error) {
      // The next attempt must not get the same app-server, whose pipes may close before it has ended.
      if (isLost(error)) await abortable(withTimeout(server.exited, EXIT_TIMEOUT_MS), signal);
      throw error;
    }
  }

  return (turn, signal, { asked = { isAsked: false }, ...runOptions } = {}) => {
    const progress: TurnProgress = { instance: undefined, asked };
    const onAsked = () => {
      asked.isAsked = true;
    };
    return startTurnRun({
      signal,
      explain: explainTo(observer, progress),
      diagnose,
      // When the model of the turn was looked up, the set-up was checked for changes.
      work: (events) =>
        runOnInstance(manager, signal, {
          async work(instance) {
            progress.instance = instance;
            await work(instance, turn, { events, onAsked, caller: { ...runOptions, signal } });
          },
          onAgain: () => observer.observe({ type: 'turn-run-again' }),
        }),
    });
  };
}

interface TurnProgress {
  /** The instance of the latest attempt. */
  instance: BareInstance | undefined;
  /** Says if the provider may have been asked, by this turn or an earlier one of its request. */
  readonly asked: Readonly<AskedMark>;
}

interface WatchedTurn {
  readonly events: TurnEventQueue;
  readonly caller: TurnCaller;
  onAsked(): void;
}

interface WatchedTurnOptions extends CodexEngineOptions, WatchedTurn {
  readonly tools: ToolEncoder;
}

/** Runs a turn on an app-server, whose health is checked when the turn is silent. */
async function runWatchedTurn(
  server: BareAppServer,
  turn: Turn,
  instance: BareInstance,
  options: WatchedTurnOptions,
): Promise<void> {
  const { provider, idleDeadlineSeconds, retryAfter, command, observer, tools, events, onAsked } = options;
  const watch = setInterval(() => void server.check(), (idleDeadlineSeconds + HEALTH_CHECK_SECONDS) * 1000);
  const start = performance.now();
  await runTurnOnThread(server, turn, {
    contextLength: instance.catalog.get(turn.model)?.context_window ?? null,
    keyVariable: provider.config.env_key,
    retryAfter,
    command,
    tools,
    events: refreshing(events, watch),
    expectsRequests: () => !instance.isRetired(),
    restartSeconds: instance.restartSeconds,
    onAsked,
    ...options.caller,
  }).finally(() => clearInterval(watch));
  observer.observe({ type: 'turn-settled', model: turn.model, ms: Math.round(performance.now() - start) });
}

/** Returns the models of the app-server. A foreign provider owns those that the user has named: Codex's catalog is OpenAI's. */
function decodeModels(
  { models }: BareAppServer,
  { catalog }: BareInstance,
  { provider, nativeTools, furtherModels }: CodexEngineOptions,
): Model[] {
  const named = new Set(furtherModels.map(({ id }) => id));
  return models.map((model) => {
    const isOwn = named.has(model.model) || !catalog.has(model.model);
    return decodeModel(model, {
      ownedBy: isOwn ? provider.id : CATALOG_OWNER,
      nativeTools,
      known: catalog.get(model.model),
    });
  });
}

/** Returns a function that logs the request which the app-server failed, and returns the error for the caller. */
function explainTo(observer: Observer, progress: TurnProgress): (error: unknown) => unknown {
  return (error) => {
    if (error instanceof RpcError) {
      const { method, failure, rpcCode } = error;
      observer.observe({ type: 'rpc-failed', method, failure, code: rpcCode });
    }
    const { instance, asked } = progress;
    return decodeRpcError(error, {
      mayHaveAsked: asked.isAsked,
      retryAfter: instance?.restartSeconds() ?? 1,
    });
  };
}

/** Returns the queue with each push postponing the health check. */
function refreshing(events: TurnEventQueue, watch: NodeJS.Timeout): TurnEventQueue {
  function pushAll(batch: readonly TurnEvent[]): boolean {
    watch.refresh();
    return events.pushAll(batch);
  }
  return { ...events, pushAll, push: (event) => pushAll([event]) };
}

function checkLogin({ type }: Login, command: string): void {
  if (type === 'signed-out') throw notSignedIn(command);
}
