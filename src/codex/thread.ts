import { GatewayError } from '../base/errors.ts';
import type { Adjustment } from '../conversation/adjustment.ts';
import type { Item } from '../conversation/item.ts';
import type { Turn } from '../conversation/turn.ts';
import type { AppServer } from './app-server.ts';
import { injectItems } from './inject-items.ts';
import type { Methods } from './protocol.ts';
import type { Listener } from './notification-router.ts';

/** One ephemeral, bare thread of the app-server, good for one turn. */
export interface Thread {
  /** Adds to what the model will see; resolves to what was changed on the way. */
  inject(items: readonly Item[], signal: AbortSignal): Promise<Adjustment[]>;
  /** Starts the turn; from here on the listener hears of it. */
  startTurn(listener: Listener): Promise<void>;
  /** Lets the thread go, so that the app-server unloads it; a turn that still runs is interrupted first. */
  release(): void;
}

type ThreadOptions = Pick<Turn, 'model' | 'reasoningEffort' | 'verbosity' | 'serviceTier'>;
type TurnStartOptions = Pick<Methods['turn/start']['params'], 'effort' | 'serviceTier'>;

/** `thread/start`: no instructions, no environment, no tool, nothing to approve. */
export async function openThread(server: AppServer, options: ThreadOptions): Promise<Thread> {
  const { model, verbosity, reasoningEffort, serviceTier } = options;
  const params: Methods['thread/start']['params'] = {
    model,
    modelProvider: server.modelProvider,
    cwd: server.workingDirectory,
    ephemeral: true,
    approvalPolicy: 'never',
    sandbox: 'read-only',
    environments: [],
    baseInstructions: '',
    developerInstructions: '',
    experimentalRawEvents: true,
    ...(verbosity !== undefined && { config: { model_verbosity: verbosity } }),
  };
  const { thread, instructionSources, modelProvider } = await server.connection.request(
    'thread/start',
    params,
    (late) => createThread(server, late.thread.id, {}).release(),
  );
  const opened = createThread(server, thread.id, {
    effort: reasoningEffort ?? null,
    serviceTier: serviceTier ?? null,
  });
  if (instructionSources?.length > 0) {
    opened.release();
    server.log.error('codex would add instructions of its own', { count: instructionSources.length });
    throw new GatewayError('internal_error', 'Codex would add instructions of its own to this request.');
  }
  if (modelProvider !== undefined && modelProvider !== server.modelProvider) {
    opened.release();
    server.log.error("the machine's Codex set-up sends turns to another provider", { modelProvider });
    throw new GatewayError('internal_error', 'Codex would send this request to another provider.');
  }
  return opened;
}

function createThread(server: AppServer, threadId: string, options: TurnStartOptions): Thread {
  const { connection, notifications } = server;
  let running = false;
  let turnId = '';
  let stopListening = () => {};

  async function letGo(): Promise<void> {
    // An empty id stands for the running turn, for the moment in which its id is not known yet.
    if (running) await connection.request('turn/interrupt', { threadId, turnId }).catch(() => {});
    await connection.request('thread/unsubscribe', { threadId });
  }

  return {
    inject: (items, signal) => injectItems(server, threadId, items, signal),
    async startTurn(listener) {
      stopListening = notifications.listen(threadId, {
        onNotification(notification) {
          if (notification.method === 'turn/completed') running = false;
          listener.onNotification(notification);
        },
        onClose() {
          running = false;
          listener.onClose();
        },
      });
      running = true;
      const { turn } = await connection.request('turn/start', { threadId, input: [], ...options });
      turnId = turn.id;
    },
    release() {
      stopListening();
      // Nobody waits for it; a child that does not answer is looked into all the same.
      letGo().catch(() => {});
    },
  };
}
