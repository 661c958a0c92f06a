import { existsSync } from 'node:fs';
import type { Observer } from '../../../base/observation.ts';
import { createSemaphore, type Semaphore } from '../../../base/async/semaphore.ts';
import type { LimitWindow } from '../../../conversation/account-limits.ts';
import type { Initiator } from '../../../conversation/turn.ts';
import type { Provider } from '../../home/provider.ts';
import type { UserConfig } from '../../home/user-config.ts';
import type { AppServer, AppServerClient } from '../../process/connect-app-server.ts';
import { refusalOf, refuse } from '../../protocol/refusals.ts';
import type { ChildContext, Profile } from '../../runtime/profile.ts';
import { decodeLimits } from '../decode/decode-limits.ts';
import { bareCatalog, type FurtherModel, type NativeTools } from './bare-catalog.ts';
import { bareConfig } from './bare-config.ts';
import { createEchoLines, type EchoLines } from './echo-lines.ts';
import { createIntake, type Intake } from './intake.ts';
import { createKeptThreads, KEPT_THREAD_LIMITS, type KeptThreads } from '../continuation/kept-threads.ts';
import { TURN_NOTIFICATIONS } from '../decode/turn-notifications.ts';
import { createParkedCalls, type ParkedCalls } from './parked-calls.ts';
import { addDeadEnd } from './single-request-guard.ts';
import {
  createProviderChoice,
  providerIdFor,
  providerIds,
  usesWebSocket,
  type ProviderIds,
  type Transport,
} from './transport.ts';
import { createWarmThreads, type WarmThreads } from './warm-threads.ts';

/** State of the bare profile for one child. */
export interface BareState {
  readonly workingDirectory: string;
  /** Returns the id of the provider that new threads use, for a turn that someone has caused. */
  modelProvider(initiator?: Initiator): string;
  /** True if a turn can be kept from asking the model again. */
  readonly canGuardRequests: boolean;
  /** Number of times that a turn is started with that guard. */
  readonly maxGuardTries: number;
  readonly parkedCalls: ParkedCalls;
  readonly echoLines: EchoLines;
  /** Admits one request at a time whose images are decoded: a large one takes hundreds of megabytes meanwhile. */
  readonly decoding: Semaphore;
  readonly intake: Intake;
  readonly warmThreads: WarmThreads;
  /** The threads that a later request may continue; undefined if none is kept. */
  readonly keptThreads: KeptThreads | undefined;
  /** Limits of the account, as they were reported last. */
  limits(): readonly LimitWindow[];
}

/** An app-server on which the model sees only what the caller sent. */
export type BareAppServer = AppServer<BareState>;

export interface BareProfileOptions {
  readonly provider: Provider;
  readonly user: UserConfig;
  readonly furtherModels: readonly FurtherModel[];
  readonly nativeTools: NativeTools;
  /** True if a conversation may go on in the thread of its earlier turns. */
  readonly continuation: boolean;
  readonly transport: Transport;
  /** Seconds without an event from the provider after which Codex ends a turn. */
  readonly idleDeadlineSeconds: number;
}

/** The profile's part of the engine. */
interface BareProfileContext extends BareProfileOptions {
  /** Aborts when there are no further requests: nothing is kept ready for one any more. */
  readonly ending: AbortSignal;
}

/** Creates the profile of chat turns: Codex adds no prompt and no tool, and nothing that it asks for is granted. */
export function createBareProfile(options: BareProfileContext): Profile<BareState> {
  const { provider, user, furtherModels, nativeTools, transport, idleDeadlineSeconds } = options;
  const webSocket = usesWebSocket(transport, provider, user);
  const idsOf = (modelProvider: string) => providerIds(modelProvider, webSocket);
  return {
    config(context) {
      const { webSocket: webSocketProvider } = idsOf(context.modelProvider);
      return bareConfig({ ...context, webSocketProvider, provider, user, idleDeadlineSeconds });
    },
    catalog: (known) => bareCatalog(known, furtherModels, nativeTools),
    createClient: (child) => createClient(child, idsOf(child.modelProvider), options),
  };
}

/** Milliseconds after which a WebSocket is open on most networks: four round trips and a first answer. */
const WEB_SOCKET_READY_MS = 1_000;

function createClient(
  { workingDirectory, observer }: ChildContext,
  ids: ProviderIds,
  { provider, transport, continuation, ending }: BareProfileContext,
): AppServerClient<BareState> {
  const choice = createProviderChoice({ ids, isCautious: transport === 'auto', observer });
  const parkedCalls = createParkedCalls();
  const echoLines = createEchoLines();
  let limits: readonly LimitWindow[] = [];
  return {
    // Only WebSockets need the warnings.
    notifications: { ...TURN_NOTIFICATIONS, ...(ids.webSocket === undefined && { warning: 'ignored' }) },
    answer: async (method, params) => await answer(method, params, parkedCalls, observer),
    classifyLine: echoLines.classify,
    onNotifications(batch) {
      for (const { method, params } of batch) {
        if (method === 'account/rateLimits/updated') limits = decodeLimits(params.rateLimits);
        else if (method === 'warning') choice.hearWarning(params.message);
      }
    },
    prepare: async (connection) => ({
      workingDirectory,
      modelProvider: (initiator) =>
        initiator === undefined || provider.initiatorHeader === undefined
          ? choice.current()
          : providerIdFor(ids.http, initiator),
      canGuardRequests: await addDeadEnd(connection),
      // The first step waits until the WebSocket is open, and the guard comes too early then: nearly always once, on a busy
      // machine now and then twice.
      maxGuardTries: ids.webSocket === undefined ? 1 : 3,
      parkedCalls,
      echoLines,
      decoding: createSemaphore(1),
      intake: createIntake(),
      warmThreads: createWarmThreads({
        // It takes some microseconds; an asynchronous check would wait for a thread of its own.
        hasHome: () => existsSync(workingDirectory),
        ending,
        readyMs: ids.webSocket === undefined ? 0 : WEB_SOCKET_READY_MS,
        release: async (threadId) =>
          void (await connection.request('thread/unsubscribe', { threadId }).catch(() => {})),
      }),
      keptThreads: continuation ? createKeptThreads(KEPT_THREAD_LIMITS, ending) : undefined,
      limits: () => limits,
    }),
  };
}

/** Refuses whatever the app-server asks for: at once, except the calls of a thread's tools, which may get an answer. */
async function answer(
  method: string,
  params: unknown,
  parkedCalls: ParkedCalls,
  observer: Observer,
): Promise<object | undefined> {
  const { threadId, callId } = (params ?? {}) as { readonly threadId?: unknown; readonly callId?: unknown };
  const parked = method === 'item/tool/call' ? parkedCalls.park(threadId, callId) : undefined;
  if (parked === undefined) return refuse(method, observer);
  return (await parked) ?? refusalOf(method);
}
