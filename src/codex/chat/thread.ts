import type { JsonValue } from '../../../generated/serde_json/JsonValue.js';
import { GatewayError } from '../../base/errors.ts';
import { withoutUndefined } from '../../base/json.ts';
import type { Adjustment } from '../../conversation/turn-event.ts';
import type { Item } from '../../conversation/item.ts';
import type { Turn, WebSearch } from '../../conversation/turn.ts';
import type { Methods } from '../protocol/methods.ts';
import { isHeard } from '../protocol/notifications.ts';
import { TURN_NOTIFICATIONS, type TurnNotification } from './decode/turn-notifications.ts';
import type { EncodedTools } from './encode/encode-tools.ts';
import { withExponents } from './encode/large-numbers.ts';
import { injectItems } from './inject-items.ts';
import type { TurnCaller } from './profile/intake.ts';
import type { ThreadCalls } from './profile/parked-calls.ts';
import type { BareAppServer } from './profile/profile.ts';
import { createSingleRequestGuard } from './profile/single-request-guard.ts';

/** The reader of one turn. */
export interface TurnListener {
  onNotification(notification: TurnNotification): void;
  /** The app-server has ended; no notification follows. */
  onClose(): void;
  /** A notification was too long to be read. */
  onTooLong(): void;
}

/** An ephemeral, bare thread of the app-server, for one turn. */
export interface Thread {
  /** Adds items to what the model will see; resolves to what Codex has changed about them. */
  inject(items: readonly Item[], caller: TurnCaller): Promise<Adjustment[]>;
  /** Starts the turn and reports it to the listener. */
  startTurn(listener: TurnListener, signal: AbortSignal): Promise<void>;
  /**
   * Releases the thread, so that the app-server unloads it; interrupts a turn that still runs. Settles once the app-server
   * has done so, or cannot; never rejects.
   */
  release(): Promise<void>;
}

/** Starts a thread with no instructions, no environment, no tools except the caller's, and nothing to approve. */
export async function openThread(
  server: BareAppServer,
  turn: Turn,
  tools: EncodedTools,
  signal: AbortSignal,
): Promise<Thread> {
  const params: Methods['thread/start']['params'] = {
    model: turn.model,
    modelProvider: server.state.modelProvider,
    cwd: server.state.workingDirectory,
    ephemeral: true,
    approvalPolicy: 'never',
    sandbox: 'read-only',
    environments: [],
    baseInstructions: '',
    developerInstructions: '',
    experimentalRawEvents: true,
    config: threadConfig(turn),
    ...(tools.specs.length > 0 && { dynamicTools: tools.specs }),
  };
  const { thread, instructionSources, modelProvider } = await server.connection.request(
    'thread/start',
    params,
    { signal, onLate: (late) => void createThread(server, late.thread.id, turn, tools).release() },
  );
  const opened = createThread(server, thread.id, turn, tools);
  if (instructionSources?.length > 0) {
    await opened.release();
    server.observer.observe({ type: 'foreign-instructions', count: instructionSources.length });
    throw new GatewayError('internal_error', 'Codex would add instructions of its own to this request.');
  }
  if (modelProvider !== undefined && modelProvider !== server.state.modelProvider) {
    await opened.release();
    server.observer.observe({ type: 'foreign-provider', modelProvider });
    throw new GatewayError('internal_error', 'Codex would send this request to another provider.');
  }
  return opened;
}

/** Returns the settings that Codex takes for a thread, and not for a turn. */
function threadConfig({ verbosity, webSearch }: Turn): { [key: string]: JsonValue } {
  return {
    ...(verbosity !== undefined && { model_verbosity: verbosity }),
    ...(webSearch && { web_search: 'live', tools: { web_search: searchConfig(webSearch) } }),
  };
}

function searchConfig({ contextSize, location, allowedDomains }: WebSearch): { [key: string]: JsonValue } {
  return {
    ...(contextSize !== undefined && { context_size: contextSize }),
    ...(location && { location: withoutUndefined(location) }),
    ...(allowedDomains && { allowed_domains: [...allowedDomains] }),
  };
}

function turnOptions(turn: Turn): Omit<Methods['turn/start']['params'], 'threadId' | 'input'> {
  const { reasoningEffort, reasoningSummary, serviceTier, outputSchema } = turn;
  return {
    effort: reasoningEffort ?? null,
    serviceTier: serviceTier === 'default' ? null : (serviceTier ?? null),
    ...(reasoningSummary !== undefined && reasoningSummary !== 'none' && { summary: reasoningSummary }),
    ...(outputSchema && { outputSchema: withExponents(outputSchema) }),
  };
}

function createThread(server: BareAppServer, threadId: string, turn: Turn, tools: EncodedTools): Thread {
  const { connection, notifications, state } = server;
  const guard = state.canGuardRequests ? createSingleRequestGuard(connection, threadId) : undefined;
  let isRunning = false;
  let turnId = '';
  let stopListening = () => {};
  let calls: ThreadCalls | undefined;

  async function begin(signal?: AbortSignal): Promise<void> {
    isRunning = true;
    turnId = '';
    const params = { threadId, input: [], ...turnOptions(turn) };
    const started = await connection.request('turn/start', params, signal && { signal });
    turnId = started.turn.id;
  }

  function hear(notification: TurnNotification, listener: TurnListener): void {
    // A notification of the account says nothing about this thread.
    if ('threadId' in notification.params) calls?.touch();
    if (notification.method === 'turn/completed') isRunning = false;
    if (guard?.hear(notification)) begin().catch(() => listener.onNotification(notification));
    else listener.onNotification(notification);
  }

  /** Interrupts a turn that still runs, ends its calls, and lets the app-server unload the thread. */
  async function stopAndUnload(): Promise<void> {
    // An empty id stands for the running turn, while its id is not known yet.
    if (isRunning) await connection.request('turn/interrupt', { threadId, turnId }).catch(() => {});
    calls?.close();
    await connection.request('thread/unsubscribe', { threadId });
  }

  return {
    inject: (items, caller) =>
      injectItems({ server, threadId, ...tools, tools: turn.passthroughTools }, items, caller),
    async startTurn(listener, signal) {
      calls = state.parkedCalls.open(threadId);
      stopListening = notifications.listen(threadId, {
        onNotification(notification) {
          if (isHeard(TURN_NOTIFICATIONS, notification)) hear(notification, listener);
        },
        onClose() {
          isRunning = false;
          listener.onClose();
        },
        onTooLong: listener.onTooLong,
      });
      await begin(signal);
    },
    async release() {
      stopListening();
      await stopAndUnload().catch(() => {});
    },
  };
}
