import type { JsonValue } from '../../../generated/serde_json/JsonValue.js';
import { GatewayError } from '../../base/errors.ts';
import { withoutUndefined } from '../../base/without-undefined.ts';
import type { Adjustment } from '../../conversation/adjustment.ts';
import type { Item } from '../../conversation/item.ts';
import type { Turn, WebSearch } from '../../conversation/turn.ts';
import type { AppServer } from '../process/app-server.ts';
import { createDeadEnd } from './dead-end.ts';
import type { EncodedTools } from './encode/encode-tools.ts';
import { injectItems } from './encode/inject-items.ts';
import type { Caller } from '../protocol/intake.ts';
import { withExponents } from './encode/large-numbers.ts';
import type { ThreadCalls } from './parked-calls.ts';
import type { Methods } from '../protocol/protocol.ts';
import type { Listener } from '../protocol/notification-router.ts';

/** One ephemeral, bare thread of the app-server, good for one turn. */
export interface Thread {
  /** Adds to what the model will see; resolves to what was changed on the way. */
  inject(items: readonly Item[], caller: Caller): Promise<Adjustment[]>;
  /** Starts the turn; from here on the listener hears of it. */
  startTurn(listener: Listener, signal: AbortSignal): Promise<void>;
  /**
   * Lets the thread go, so that the app-server unloads it; a turn that still runs is interrupted first. Settles once the
   * app-server has done so, or cannot; never rejects.
   */
  release(): Promise<void>;
}

/** `thread/start`: no instructions, no environment, no tool but the caller's, nothing to approve. */
export async function openThread(
  server: AppServer,
  turn: Turn,
  tools: EncodedTools,
  signal: AbortSignal,
): Promise<Thread> {
  const params: Methods['thread/start']['params'] = {
    model: turn.model,
    modelProvider: server.modelProvider,
    cwd: server.workingDirectory,
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
    server.log.error('codex would add instructions of its own', { count: instructionSources.length });
    throw new GatewayError('internal_error', 'Codex would add instructions of its own to this request.');
  }
  if (modelProvider !== undefined && modelProvider !== server.modelProvider) {
    await opened.release();
    server.log.error("the machine's Codex set-up sends turns to another provider", { modelProvider });
    throw new GatewayError('internal_error', 'Codex would send this request to another provider.');
  }
  return opened;
}

/** What can be set for a thread, and not for a turn. */
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

function createThread(server: AppServer, threadId: string, turn: Turn, tools: EncodedTools): Thread {
  const { connection, notifications } = server;
  // Codex answers every call by itself that it does not hand on, and would ask the model again at once.
  const deadEnd = server.hasDeadEnd ? createDeadEnd(connection, threadId) : undefined;
  let running = false;
  let turnId = '';
  let stopListening = () => {};
  let calls: ThreadCalls | undefined;

  async function begin(signal?: AbortSignal): Promise<void> {
    running = true;
    turnId = '';
    const params = { threadId, input: [], ...turnOptions(turn) };
    const started = await connection.request('turn/start', params, signal && { signal });
    turnId = started.turn.id;
  }

  async function letGo(): Promise<void> {
    // An empty id stands for the running turn, for the moment in which its id is not known yet.
    if (running) await connection.request('turn/interrupt', { threadId, turnId }).catch(() => {});
    calls?.close();
    await connection.request('thread/unsubscribe', { threadId });
  }

  return {
    inject: (items, caller) =>
      injectItems({ server, threadId, ...tools, tools: turn.passthroughTools }, items, caller),
    async startTurn(listener, signal) {
      calls = connection.parkCalls(threadId);
      stopListening = notifications.listen(threadId, {
        onNotification(notification) {
          // What is told of the account says nothing of this thread.
          if ('threadId' in notification.params) calls?.touch();
          if (notification.method === 'turn/completed') running = false;
          if (deadEnd?.hear(notification)) begin().catch(() => listener.onNotification(notification));
          else listener.onNotification(notification);
        },
        onClose() {
          running = false;
          listener.onClose();
        },
        onTooLong: () => listener.onTooLong?.(),
      });
      await begin(signal);
    },
    async release() {
      stopListening();
      await letGo().catch(() => {});
    },
  };
}
