import type { RequestListener } from 'node:http';
import { NEVER_ABORTED } from '../base/async/abort.ts';
import { messageOf } from '../base/errors.ts';
import type { Observer } from '../base/observation.ts';
import { SYSTEM_FOLDER } from '../codex/home/system-config.ts';
import { createConsoleRecorder } from '../console/recording/console-recorder.ts';
import { variablesOf } from '../codex/home/provider.ts';
import { chooseOwnVariables } from '../service/units/own-variables.ts';
import { createMetrics, type Metrics } from '../metrics/metrics.ts';
import { createModelDirectory } from '../gateway/models/model-directory.ts';
import { prepareCodex, prepareDemo, refuseOwnAddress, type CodexSetUp } from './codex/codex-setup.ts';
import { openAccess, type OpenedAccess } from './access/open-access.ts';
import type { StartedCodex } from './codex/serve-codex.ts';
import type { ComposeOptions } from './compose-options.ts';
import { formatOrigin } from './config/address.ts';
import type { Environment, Settings } from './config/config.ts';
import { ownCommand } from './config/own-command.ts';
import { reachOf } from './config/reach.ts';
import { generateToken } from './config/token.ts';
import { refuseWeakToken } from './config/weak-token.ts';
import { explainTakenPort } from './gateways/find-gateway.ts';
import { announceGateway } from './gateways/running-gateways.ts';
import { listen, type Listening } from './lifecycle/listen.ts';
import { whenReady } from './lifecycle/when-ready.ts';
import { listenBeside } from './log/observer.ts';
import { openTelemetry } from './open-telemetry.ts';
import { closeParts, countRunning, createParts, type Parts } from './parts.ts';
import { describeGateway, type RunningGateway } from './running-gateway.ts';
import { startBehindPort } from './start-behind-port.ts';
import { openTools } from './tools/open-tools.ts';
import type { GatewayState } from './state/open-state.ts';

/** Milliseconds from a start until code is loaded ahead: one that ends before its first request never needs it. */
const PRELOAD_MS = 500;

/** Builds the gateway from its rooms and starts it; rejects with a `StartupError` and leaves nothing behind. */
export async function startGateway(options: ComposeOptions): Promise<RunningGateway> {
  const metrics = createMetrics();
  const recorder = createConsoleRecorder(options.settings);
  const heard = listenBeside(options.observer, metrics.listen);
  const watched = { ...options, observer: listenBeside(heard, recorder.listen) };
  const parts = createParts(watched, recorder);
  try {
    return await start(parts, watched, metrics);
  } catch (error) {
    parts.listening?.cut();
    await closeParts(parts, AbortSignal.abort());
    throw error;
  }
}

async function start(parts: Parts, options: ComposeOptions, metrics: Metrics): Promise<RunningGateway> {
  const { settings, environment, observer, demo, systemFolder = SYSTEM_FOLDER, catalog } = options;
  const { signal = NEVER_ABORTED, isServer = false } = options;
  const startedAt = performance.now();
  refuseWeakToken(settings);
  const token = settings.token?.value ?? generateToken();
  const codex = await (demo ? prepareDemo : prepareCodex)({
    settings,
    environment,
    systemFolder,
    catalog,
    makesDatabases: isServer,
  });
  await addCodex(parts, codex, environment, metrics);
  // The port is taken before Codex starts: early requests wait, and a loop is found before it can run.
  const app = Promise.withResolvers<RequestListener>();
  const listening = await takePort(
    settings,
    whenReady(app.promise, () => loadProbes(parts, options)),
    observer,
  );
  parts.listening = listening;
  refuseOwnAddress(codex, listening.port);
  parts.withdraw = await announce(options, codex, listening.port, token);
  const {
    state,
    started,
    composeApp: compose,
  } = await startBehindPort(parts, { ...options, codex, token, signal });
  const { directory, ...facts } = await readFacts(started, settings, signal);
  parts.added?.show();
  const origin = formatOrigin(settings.host, listening.port);
  await addSessions(parts, options, codex, { state, origin });
  parts.tools = await openTools({ settings, environment, observer, isEphemeral: demo });
  const access = await addAccess(parts, options, token);
  const { tidying } = parts;
  const description = describeGateway({ codex, settings, ...facts });
  const appParts = { ...parts, codex, started, state, models: directory, access, metrics, description };
  const handle = compose(appParts, options).callback();
  beReady(parts, started, state);
  app.resolve((request, response) => {
    if (tidying) response.once('close', tidying.touch);
    void handle(request, response);
  });
  const preload = preloadSoon(metrics, tidying);
  observer.observe({ type: 'gateway-ready', ms: Math.round(performance.now() - startedAt) });
  return {
    ...description,
    origin,
    token,
    ...stopping(parts, observer, preload),
  };
}

/** Loads the code of requests a little after the start; returns its timer. */
function preloadSoon(metrics: Metrics, tidying: Parts['tidying']): NodeJS.Timeout {
  const loadAhead = () =>
    void Promise.all([import('../http/preload.ts'), metrics.load()]).then(tidying?.touch);
  return setTimeout(loadAhead, PRELOAD_MS).unref();
}

/** Reads the models and the login, within the deadline for a start. */
async function readFacts({ backend, engine }: StartedCodex, { deadlines }: Settings, signal: AbortSignal) {
  const directory = createModelDirectory([backend]);
  const timeout = AbortSignal.any([signal, AbortSignal.timeout(deadlines.start * 1000)]);
  const models = await directory.list(timeout, true);
  const login = await engine.login(timeout);
  signal.throwIfAborted();
  return { directory, models, login };
}

function beReady(
  { readiness, copilot }: Parts,
  { engine }: StartedCodex,
  { isWritable }: GatewayState,
): void {
  readiness.start({
    engine,
    isStoreWritable: isWritable,
    hasOtherLogin: async () => (await copilot?.copilot.isSignedIn().catch(() => false)) ?? false,
  });
}

function stopping(
  parts: Parts,
  observer: Observer,
  preload: NodeJS.Timeout,
): Pick<RunningGateway, 'running' | 'close'> {
  return {
    running: () => countRunning(parts),
    async close(patience) {
      clearTimeout(preload);
      observer.observe({ type: 'shutdown-begin', running: countRunning(parts) });
      await closeParts(parts, patience);
      observer.observe({ type: 'shutdown-end' });
    },
  };
}

/** Loads what answers the probes of a gateway that is still starting. */
async function loadProbes(
  { active, readiness }: Parts,
  { observer, settings }: ComposeOptions,
): Promise<RequestListener> {
  const { createProbeApp } = await import('../http/probe-app.ts');
  const stallLimitMs = settings.deadlines.idle * 1000;
  const app = createProbeApp({
    active,
    observer,
    stallLimitMs,
    tokens: {},
    reach: reachOf(settings),
    readiness: readiness.read,
  });
  const handle = app.callback();
  return (request, response) => void handle(request, response);
}

/** Opens the tokens that let callers in; the demo has only its own. */
async function addAccess(
  parts: Parts,
  { settings, environment, observer, demo }: ComposeOptions,
  main: string,
): Promise<OpenedAccess> {
  const stateDirectory = demo ? undefined : settings.stateDirectory;
  const { withoutPaths: command } = ownCommand(environment);
  parts.access = await openAccess({ main, stateDirectory, observer, command });
  return parts.access;
}

/** Opens the agent sessions, whose code is loaded only if somebody has named a folder for them. */
async function addSessions(
  parts: Parts,
  { settings, environment, observer, demo: isDemo }: ComposeOptions,
  { engineOptions, models }: CodexSetUp,
  { state, origin }: { readonly state: GatewayState; readonly origin: string },
): Promise<void> {
  if (settings.sessions.roots.length === 0) return;
  const { openSessions } = await import('./sessions/open-sessions.ts');
  const { createCopilotProvider } = await import('./copilot/copilot-provider.ts');
  parts.copilotProvider = createCopilotProvider(parts.copilot, engineOptions.command);
  parts.sessions = await openSessions({
    settings,
    environment,
    binary: engineOptions.binary.path,
    observer,
    findCopilot: parts.copilotProvider.find,
    gateway: { origin, parts: () => ({ access: parts.access!, tools: parts.tools! }) },
    openStore: state.openSessionStore,
    demo: isDemo ? { provider: engineOptions.provider, model: models.preferred ?? '' } : undefined,
  });
}

async function addCodex(
  parts: Parts,
  codex: CodexSetUp,
  environment: Environment,
  metrics: Metrics,
): Promise<void> {
  parts.codex = codex;
  parts.telemetry = await openTelemetry(environment, codex.engineOptions.provider.id);
  if (parts.telemetry) metrics.passOn(parts.telemetry.listen);
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
  { settings, demo, observer, isPrivate = false, environment, launch }: ComposeOptions,
  { engineOptions }: CodexSetUp,
  port: number,
  token: string,
): Promise<(() => Promise<void>) | undefined> {
  if (isPrivate) return undefined;
  try {
    const { usual } = ownCommand(environment);
    const variables = launch && chooseOwnVariables(environment, variablesOf(engineOptions.provider));
    return await announceGateway({ settings, port, token, command: usual, demo, launch, variables });
  } catch (error) {
    // Clients do not need the record, so the gateway serves anyway.
    observer.observe({ type: 'gateway-unannounced', problem: messageOf(error) });
    return undefined;
  }
}
