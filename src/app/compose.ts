import type { RequestListener } from 'node:http';
import { NEVER_ABORTED } from '../base/async/abort.ts';
import { closeInOrder } from '../base/async/close-in-order.ts';
import { messageOf, shuttingDown } from '../base/errors.ts';
import type { Observer } from '../base/observation.ts';
import { SYSTEM_FOLDER } from '../codex/home/system-config.ts';
import { createModelDirectory } from '../gateway/models/model-directory.ts';
import { createActiveRequests, type ActiveRequests } from '../http/requests/active-requests.ts';
import { createOpenSockets, type OpenSockets } from '../http/web-socket/open-sockets.ts';
import { prepareCodex, prepareDemo, refuseOwnAddress, type CodexSetUp } from './codex/codex-setup.ts';
import { startCodex } from './codex/start-codex.ts';
import type { StartedCodex } from './codex/serve-codex.ts';
import type { composeApp } from './compose-app.ts';
import { openCopilot } from './copilot/open-copilot.ts';
import type { AddedCopilot } from './copilot/add-copilot.ts';
import type { CopilotRoutesOptions } from '../http/copilot/copilot-routes.ts';
import { formatOrigin } from './config/address.ts';
import type { Environment, Settings } from './config/config.ts';
import { ownCommand } from './config/own-command.ts';
import { generateToken } from './config/token.ts';
import { explainTakenPort } from './gateways/find-gateway.ts';
import { announceGateway } from './gateways/running-gateways.ts';
import { drain } from './lifecycle/drain.ts';
import { listen, type Listening } from './lifecycle/listen.ts';
import { whenReady } from './lifecycle/when-ready.ts';
import { createMemoryTidying, type MemoryTidying } from './lifecycle/tidy-memory.ts';
import { describeGateway, type RunningGateway } from './running-gateway.ts';
import type { GatewayState } from './state/open-state.ts';
import { createBodyParser, type WorkerBodyParser } from './worker/body-parser.ts';

export interface ComposeOptions {
  readonly settings: Settings;
  readonly environment: Environment;
  readonly observer: Observer;
  readonly demo: boolean;
  /** True for a process that does nothing else: it gives memory back at rest, and keeps databases for later starts. */
  readonly isServer?: boolean;
  /** Creates no record by which other commands could find the gateway. */
  readonly isPrivate?: boolean;
  /** Folder of the machine's own Codex configuration. */
  readonly systemFolder?: string;
  /** Aborts the start. */
  readonly signal?: AbortSignal;
}

/** Builds the gateway from its rooms and starts it; rejects with a `StartupError` and leaves nothing behind. */
export async function startGateway(options: ComposeOptions): Promise<RunningGateway> {
  const parts = createParts(options);
  try {
    return await start(parts, options);
  } catch (error) {
    parts.listening?.cut();
    await closeParts(parts, AbortSignal.abort());
    throw error;
  }
}

/** The parts of a gateway that have to be closed, as far as they exist already. */
interface Parts {
  readonly active: ActiveRequests;
  readonly sockets: OpenSockets;
  readonly bodies: WorkerBodyParser;
  codex?: CodexSetUp;
  listening?: Listening;
  /** Removes the record by which other commands find the gateway. */
  withdraw?: (() => Promise<void>) | undefined;
  state?: GatewayState;
  started?: StartedCodex;
  added?: AddedCopilot;
  readonly copilot: CopilotRoutesOptions | undefined;
  readonly tidying: MemoryTidying | undefined;
}

function createParts({ settings, environment, observer, isServer = false }: ComposeOptions): Parts {
  const active = createActiveRequests();
  return {
    active,
    tidying: isServer ? createMemoryTidying({ isBusy: () => active.count() > 0 }) : undefined,
    sockets: createOpenSockets(),
    bodies: createBodyParser(settings.bodyLimit),
    copilot: settings.copilot.enabled ? openCopilot(settings, environment, observer) : undefined,
  };
}

async function start(parts: Parts, options: ComposeOptions): Promise<RunningGateway> {
  const { settings, environment, observer, demo, systemFolder = SYSTEM_FOLDER } = options;
  const { signal = NEVER_ABORTED, isServer = false } = options;
  const startedAt = performance.now();
  const token = settings.token?.value ?? generateToken();
  const codex = await (demo ? prepareDemo : prepareCodex)({
    settings,
    environment,
    systemFolder,
    makesDatabases: isServer,
  });
  parts.codex = codex;
  // The port is taken before Codex starts: early requests wait, and a loop is found before it can run.
  const app = Promise.withResolvers<RequestListener>();
  const listening = await takePort(settings, whenReady(app.promise), observer);
  parts.listening = listening;
  refuseOwnAddress(codex, listening.port);
  parts.withdraw = await announce(options, listening.port, token);
  const {
    state,
    started,
    composeApp: compose,
  } = await startBehindPort(parts, { ...options, codex, token, signal });
  const models = createModelDirectory([started.backend]);
  const timeout = AbortSignal.any([signal, AbortSignal.timeout(settings.deadlines.start * 1000)]);
  const known = await models.list(timeout, true);
  const login = await started.engine.login(timeout);
  signal.throwIfAborted();
  parts.added?.show();
  const { active, sockets, bodies, tidying, copilot } = parts;
  const appParts = { active, sockets, bodies, codex, started, state, models, token, copilot };
  const handle = compose(appParts, settings, observer).callback();
  app.resolve((request, response) => {
    if (tidying) response.once('close', tidying.touch);
    void handle(request, response);
  });
  setImmediate(() => void import('../http/preload.ts').then(tidying?.touch));
  observer.observe({ type: 'gateway-ready', ms: Math.round(performance.now() - startedAt) });
  return {
    ...describeGateway({ codex, settings, login, models: known }),
    origin: formatOrigin(settings.host, listening.port),
    token,
    running: () => countRunning(parts),
    async close(patience) {
      observer.observe({ type: 'shutdown-begin', running: countRunning(parts) });
      await closeParts(parts, patience);
      observer.observe({ type: 'shutdown-end' });
    },
  };
}

interface StartedParts {
  readonly composeApp: typeof composeApp;
  readonly state: GatewayState;
  readonly started: StartedCodex;
}

interface BehindPort extends ComposeOptions {
  readonly codex: CodexSetUp;
  readonly token: string;
  readonly signal: AbortSignal;
}

/** Starts Codex, and opens the state and loads further code while its child starts. */
async function startBehindPort(
  parts: Parts,
  { settings, environment, observer, demo, codex, token, signal }: BehindPort,
): Promise<StartedParts> {
  const failing = new AbortController();
  const spawned = Promise.withResolvers<void>();
  const starting = startCodex({
    codex,
    settings,
    observer,
    async join(own) {
      // The demo asks nobody.
      if (demo || !parts.copilot) return own;
      const { addCopilot } = await loadingCopilot;
      parts.added = addCopilot({ ...parts.copilot, codex, environment, observer });
      return parts.added.join(own);
    },
    signal: AbortSignal.any([signal, failing.signal]),
    onUsage: (...usage) => parts.state?.ledger.add(...usage),
    onSpawn: spawned.resolve,
  });
  async function open(): Promise<GatewayState> {
    await isSpawned;
    const { openState } = await import('./state/open-state.ts');
    return await openState({ settings, observer, token, isEphemeral: settings.token === undefined, demo });
  }
  const isSpawned = Promise.race([spawned.promise, starting]);
  const opening = open();
  const loading = isSpawned.then(async () => await import('./compose-app.ts'));
  const loadingCopilot = isSpawned.then(async () => await import('./copilot/add-copilot.ts'));
  opening.catch((error: unknown) => failing.abort(error));
  // Both are waited for, so that what has started is closed if the other fails.
  const [opened, served] = await Promise.allSettled([opening, starting, loading, loadingCopilot]);
  if (opened.status === 'fulfilled') parts.state = opened.value;
  if (served.status === 'fulfilled') parts.started = served.value;
  return { state: await opening, started: await starting, ...(await loading) };
}

/** Closes the parts in an order in which each still has what it needs, also after one could not be closed. */
async function closeParts(parts: Parts, patience: AbortSignal): Promise<void> {
  const { active, sockets, bodies, codex, listening, withdraw, state, started, tidying } = parts;
  tidying?.stop();
  const running = {
    leave: sockets.leaveAll,
    count: () => countRunning(parts),
    abort() {
      active.abortAll(shuttingDown());
      void state?.background.stop(shuttingDown());
    },
  };
  started?.engine.drain();
  await closeInOrder([
    () => listening && drain(listening, patience, running),
    () => withdraw?.(),
    () => bodies.close(),
    () => state?.close(),
    () => started?.close(),
    () => parts.copilot?.copilot.close(),
    () => codex?.close(),
  ]);
}

function countRunning({ active, state }: Parts): number {
  return active.count() + (state?.background.count ?? 0);
}

/** Rejects with a `StartupError` that says who uses the port. */
async function takePort(settings: Settings, handle: RequestListener, observer: Observer): Promise<Listening> {
  try {
    return await listen(settings.host, settings.port, handle, observer);
  } catch (error) {
    throw await explainTakenPort(error, settings);
  }
}

async function announce(
  { settings, demo, observer, isPrivate = false, environment }: ComposeOptions,
  port: number,
  token: string,
): Promise<(() => Promise<void>) | undefined> {
  if (isPrivate) return undefined;
  try {
    const { usual } = ownCommand(environment);
    return await announceGateway({ settings, port, token, command: usual, demo });
  } catch (error) {
    // Clients do not need the record, so the gateway serves anyway.
    observer.observe({ type: 'gateway-unannounced', problem: messageOf(error) });
    return undefined;
  }
}
