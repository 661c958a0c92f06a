import type { RequestListener } from 'node:http';
import { messageOf, shuttingDown } from '../base/errors.ts';
import type { Observer } from '../base/observation.ts';
import type { Login } from '../codex/process/app-server.ts';
import type { Binary } from '../codex/process/binary.ts';
import { ORIGINATOR } from '../codex/protocol/handshake.ts';
import { SYSTEM_FOLDER } from '../codex/home/system-config.ts';
import { usesKeyring } from '../codex/home/user-config.ts';
import type { Model } from '../conversation/model.ts';
import { defaultModel } from '../gateway/models/default-model.ts';
import { createModelDirectory, type ModelDirectory } from '../gateway/models/model-directory.ts';
import { createActiveRequests, type ActiveRequests } from '../http/requests/active-requests.ts';
import { createAccessToken } from '../http/middleware/authenticate.ts';
import { createApp, type AppOptions } from '../http/app.ts';
import type { BackgroundResponses } from '../http/openai/responses/background-responses.ts';
import { createOpenSockets, type OpenSockets } from '../http/web-socket/open-sockets.ts';
import { formatOrigin } from './config/address.ts';
import { prepareCodex, prepareDemo, refuseOwnAddress, type Codex } from './codex/codex-setup.ts';
import type { Environment, Settings } from './config/config.ts';
import { drain, type RunningRequests } from './lifecycle/drain.ts';
import { explainTakenPort } from './gateways/explain-taken-port.ts';
import { listen, type Listening } from './lifecycle/listen.ts';
import { findMissingTargets, type MissingTarget } from './config/missing-targets.ts';
import { openState, type State } from './state/open-state.ts';
import { ownCommand } from './config/own-command.ts';
import { announceGateway } from './gateways/running-gateways.ts';
import { startCodex, type StartedCodex } from './codex/start-codex.ts';
import { createStatus } from './codex/status.ts';
import { createUsage } from './codex/usage-report.ts';
import { createBodyParser } from './worker/body-parser.ts';
import { generateToken } from './config/token.ts';

/** Time for which a WebSocket stays open, as with OpenAI. */
const SOCKET_LIFETIME_MS = 60 * 60_000;

export interface ComposeOptions {
  readonly settings: Settings;
  readonly environment: Environment;
  readonly observer: Observer;
  readonly demo: boolean;
  /** Keeps the gateway out of the records by which other commands find one that runs. */
  readonly isPrivate?: boolean;
  /** Where the machine's own set-up of Codex lies. */
  readonly systemFolder?: string;
  /** Gives up the start. */
  readonly signal?: AbortSignal;
}

/** A gateway that takes requests. */
export interface RunningGateway {
  /** `http://127.0.0.1:8000` */
  readonly origin: string;
  readonly token: string;
  readonly codex: Binary;
  /** Its id. */
  readonly provider: string;
  /** As of the start. */
  readonly login: Login;
  /** Whether the user's Codex may keep its login in the keyring of the operating system. */
  readonly usesKeyring: boolean;
  /** A model to try it with. */
  readonly model: string;
  /** Returns the number of requests that are being answered, those in the background included. */
  running(): number;
  /** True if nobody has said which models the provider serves. */
  readonly modelsAreGuessed: boolean;
  /** Aliases of models that do not exist. */
  readonly missingTargets: readonly MissingTarget[];
  /** Stops accepting, lets running requests end until `patience` aborts, then ends what is left. */
  close(patience: AbortSignal): Promise<void>;
}

/** Builds the whole gateway from its rooms and starts it; rejects with a `StartupError` and leaves nothing behind. */
export async function startGateway(options: ComposeOptions): Promise<RunningGateway> {
  const { settings, environment, observer, demo, systemFolder = SYSTEM_FOLDER } = options;
  const { signal = new AbortController().signal } = options;
  const token = settings.token?.value ?? generateToken();
  const open = { active: createActiveRequests(), sockets: createOpenSockets() };
  let codex: Codex | undefined;
  let listening: Listening | undefined;
  let started: StartedCodex | undefined;
  let state: State | undefined;
  const bodies = createBodyParser(settings.bodyLimit);
  let withdraw: (() => Promise<void>) | undefined;

  async function close(patience: AbortSignal): Promise<void> {
    if (listening) await drain(listening, patience, running(open, state?.background));
    await withdraw?.();
    await bodies.close();
    await state?.close();
    await started?.close();
    await codex?.close();
  }

  try {
    codex = await (demo ? prepareDemo : prepareCodex)({ settings, environment, systemFolder });
    // The port is taken before Codex starts: requests that come early wait, and a loop shows before it can run.
    const app = Promise.withResolvers<RequestListener>();
    listening = await takePort(settings, whenReady(app.promise), observer);
    refuseOwnAddress(codex, listening.port);
    withdraw = await announce(options, listening.port, token);
    state = await openState({ settings, token, tokenLasts: settings.token !== undefined, demo });
    started = await startCodex({ codex, settings, observer, signal, onUsage: state.ledger.add });
    const models = createModelDirectory([started.backend]);
    const patience = AbortSignal.any([signal, AbortSignal.timeout(settings.deadlines.start * 1000)]);
    const known = await models.list(patience, true);
    const handle = createApp({
      ...inquiries({ codex, started, state, models }),
      ...state,
      ...open,
      observer,
      tokens: [createAccessToken('default', token, ['openai', 'operations'])],
      command: codex.engine.command,
      gateway: started.gateway,
      models,
      parseBody: bodies.parse,
      ...answering(settings),
    }).callback();
    const login = await started.engine.login(patience);
    signal.throwIfAborted();
    app.resolve((request, response) => void handle(request, response));
    return {
      origin: formatOrigin(settings.host, listening.port),
      token,
      ...describeCodex(codex),
      login,
      running: () => running(open, state?.background).count(),
      ...describeModels(codex, settings, known),
      close,
    };
  } catch (error) {
    listening?.cut();
    await close(AbortSignal.abort());
    throw error;
  }
}

interface Sources {
  readonly codex: Codex;
  readonly started: StartedCodex;
  readonly state: State;
  readonly models: ModelDirectory;
}

/** Answers to questions about the gateway itself. */
function inquiries({ codex, started: { engine }, state, models }: Sources) {
  return {
    status: createStatus({ ...codex.engine, engine, models }),
    usage: createUsage({ engine, ledger: state.ledger }),
  };
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
    // It serves without: clients need no record.
    observer.observe({ type: 'gateway-unannounced', problem: messageOf(error) });
    return undefined;
  }
}

function describeModels(codex: Codex, settings: Settings, models: readonly Model[]) {
  const listed = models.filter((model) => model.listed);
  return { model: defaultModel(listed) ?? '', missingTargets: findMissing(codex, settings, models) };
}

/** Only Codex's own catalog tells which models do not exist. */
function findMissing(
  { engine }: Codex,
  { models: entries }: Settings,
  models: readonly Model[],
): MissingTarget[] {
  if (engine.provider.id !== 'openai') return [];
  const known = models.filter((model) => model.contextLength !== null);
  return findMissingTargets(entries, new Set(known.map(({ id, aliasOf }) => aliasOf ?? id)));
}

function describeCodex({ engine, modelsAreGuessed }: Codex) {
  const { binary, provider, user } = engine;
  return { codex: binary, provider: provider.id, usesKeyring: usesKeyring(user), modelsAreGuessed };
}

/** Rejects with a `StartupError` that says who has the port. */
async function takePort(settings: Settings, handle: RequestListener, observer: Observer): Promise<Listening> {
  try {
    return await listen(settings.host, settings.port, handle, observer);
  } catch (error) {
    throw await explainTakenPort(error, settings);
  }
}

/** Lets requests wait for whoever is to answer them. */
function whenReady(app: Promise<RequestListener>): RequestListener {
  return (request, response) => {
    void app.then((handle) => {
      // A client that did not want to wait for the start is gone already.
      if (!response.destroyed) handle(request, response);
    });
  };
}

/** Everything that a stop waits for. */
function running(
  { active, sockets }: { active: ActiveRequests; sockets: OpenSockets },
  background: BackgroundResponses | undefined,
): RunningRequests {
  return {
    leave: sockets.leaveAll,
    count: () => active.count() + (background?.count ?? 0),
    abort() {
      active.abortAll(shuttingDown());
      void background?.stop(shuttingDown());
    },
  };
}

/** How requests are read and understood, and answers kept alive. */
function answering(
  settings: Settings,
): Pick<
  AppOptions,
  'bodyLimitBytes' | 'policy' | 'keepAlive' | 'stallLimitMs' | 'originator' | 'socketLifetimeMs'
> {
  const { bodyLimit, compatibility, maxTokens, keepAlive, deadlines } = settings;
  return {
    bodyLimitBytes: bodyLimit,
    policy: {
      strict: compatibility === 'strict',
      enforceMaxTokens: maxTokens === 'enforce',
      defaultModel: settings.defaultModel,
    },
    keepAlive: {
      commentMs: keepAlive.comment * 1000,
      heartbeatMs: keepAlive.heartbeat * 1000,
      firstSpaceMs: keepAlive.firstSpace * 1000,
      nextSpaceMs: keepAlive.nextSpace * 1000,
    },
    stallLimitMs: deadlines.idle * 1000,
    originator: ORIGINATOR,
    socketLifetimeMs: SOCKET_LIFETIME_MS,
  };
}
