import type { Adjustment } from '../../conversation/turn-event.ts';
import type { Item } from '../../conversation/item.ts';
import type { Turn } from '../../conversation/turn.ts';
import type { Methods } from '../protocol/methods.ts';
import { isHeard } from '../protocol/notifications.ts';
import { TURN_NOTIFICATIONS, type TurnNotification } from './decode/turn-notifications.ts';
import { withExponents } from './encode/large-numbers.ts';
import type { ToolNames } from './encode/tool-names.ts';
import { injectItems } from './inject-items.ts';
import type { TurnCaller } from './profile/intake.ts';
import type { BareAppServer } from './profile/profile.ts';
import { createSingleRequestGuard } from './profile/single-request-guard.ts';

/** The reader of one turn. */
export interface TurnListener {
  /** Called with the turn's part of what one read of the pipe brought, in order. */
  onNotifications(batch: readonly TurnNotification[]): void;
  /** The app-server has ended; no notification follows. */
  onClose(): void;
  /** A notification was too long to be read. */
  onTooLong(): void;
}

/** One turn on a thread. */
interface ThreadTurn {
  readonly turn: Turn;
  /** The items that the thread does not have yet. */
  readonly items: readonly Item[];
  /** Names of the tools with which the thread was started. */
  readonly names: ToolNames;
  readonly caller: TurnCaller;
  /** Called before the first notification, with what Codex has changed about the items. */
  onInjected(adjustments: readonly Adjustment[]): void;
}

/** An ephemeral, bare thread of the app-server, which runs one turn after another. */
export interface Thread {
  readonly id: string;
  /** Adds items to what the model sees and starts a turn, which it reports to the listener. Resolves once it has started. */
  run(turn: ThreadTurn, listener: TurnListener): Promise<void>;
  /**
   * Releases the thread, so that the app-server unloads it; interrupts a turn that still runs. Settles once the app-server
   * has done so, or cannot; never rejects.
   */
  release(): Promise<void>;
}

/** Takes over a thread that has been started. */
export function createThread(server: BareAppServer, threadId: string): Thread {
  return new AppServerThread(server, threadId);
}

class AppServerThread implements Thread {
  readonly id: string;
  readonly #server: BareAppServer;
  #turn: RunningTurn | undefined;

  constructor(server: BareAppServer, id: string) {
    this.#server = server;
    this.id = id;
  }

  async run({ turn, items, names, caller, onInjected }: ThreadTurn, listener: TurnListener): Promise<void> {
    const { signal } = caller;
    const held = holdBack(listener);
    let started: Promise<void> | undefined;
    const start = () => {
      this.#turn?.close();
      this.#turn = listenToTurn(this.#server, this.id, turn, held.listener);
      started = this.#turn.start(signal);
      // If the injection fails, that is the error.
      started.catch(() => {});
    };
    const { toCodexName } = names;
    const target = { server: this.#server, threadId: this.id, toCodexName, tools: turn.passthroughTools };
    const adjustments = await injectItems(target, items, caller, start);
    signal.throwIfAborted();
    onInjected(adjustments);
    if (started === undefined) start();
    held.release();
    await started;
  }

  async release(): Promise<void> {
    const turn = this.#turn;
    turn?.stopListening();
    await turn?.interrupt();
    turn?.close();
    await this.#server.connection.request('thread/unsubscribe', { threadId: this.id }).catch(() => {});
  }
}

/** A turn that a thread runs, or has run. */
interface RunningTurn {
  start(signal?: AbortSignal): Promise<void>;
  /** Interrupts the turn if it still runs; never rejects. */
  interrupt(): Promise<void>;
  stopListening(): void;
  /** Ends its calls, and stops listening. */
  close(): void;
}

/** Reports the turn that is about to start on a thread to the listener. */
function listenToTurn(
  { connection, notifications, state }: BareAppServer,
  threadId: string,
  turn: Turn,
  listener: TurnListener,
): RunningTurn {
  const guard = state.canGuardRequests ? createSingleRequestGuard(connection, threadId) : undefined;
  const calls = state.parkedCalls.open(threadId);
  let isRunning = false;
  let turnId = '';
  let starts = 0;

  async function start(signal?: AbortSignal): Promise<void> {
    isRunning = true;
    turnId = '';
    starts += 1;
    const count = starts;
    const params = { threadId, input: [], ...turnOptions(turn) };
    const started = await connection.request('turn/start', params, signal && { signal });
    // The end of a turn may come before the reply, and another start in between.
    if (count === starts) turnId = started.turn.id;
  }

  function hear(batch: readonly TurnNotification[]): void {
    // A notification of the account says nothing about this thread.
    if (batch.some(({ params }) => 'threadId' in params)) calls.touch();
    const heard = batch.filter((notification) => {
      if (notification.method === 'turn/completed') isRunning = false;
      if (!guard?.hear(notification)) return true;
      start().catch(() => listener.onNotifications([notification]));
      return false;
    });
    if (heard.length > 0) listener.onNotifications(heard);
  }

  const stopListening = notifications.listen(threadId, {
    onNotifications: (batch) =>
      hear(batch.filter((notification) => isHeard(TURN_NOTIFICATIONS, notification))),
    onClose() {
      isRunning = false;
      listener.onClose();
    },
    onTooLong: listener.onTooLong,
  });

  return {
    start,
    async interrupt() {
      // An empty id stands for the running turn, while its id is not known yet.
      if (isRunning) await connection.request('turn/interrupt', { threadId, turnId }).catch(() => {});
    },
    stopListening,
    close() {
      stopListening();
      calls.close();
    },
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

/** Returns a listener that keeps what it hears until it is released, and passes everything on from then on. */
function holdBack(listener: TurnListener): { readonly listener: TurnListener; release(): void } {
  let waiting: (() => void)[] | undefined = [];
  return {
    listener: {
      onNotifications(batch) {
        if (waiting) waiting.push(() => listener.onNotifications(batch));
        else listener.onNotifications(batch);
      },
      onClose() {
        if (waiting) waiting.push(listener.onClose);
        else listener.onClose();
      },
      onTooLong() {
        if (waiting) waiting.push(listener.onTooLong);
        else listener.onTooLong();
      },
    },
    release() {
      const calls = waiting ?? [];
      waiting = undefined;
      for (const call of calls) call();
    },
  };
}
