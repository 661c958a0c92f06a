import type { Turn } from '../../conversation/turn.ts';
import type { Methods } from '../protocol/methods.ts';
import { isHeard } from '../protocol/notifications.ts';
import type { ResumedTurn, Thread, TurnListener } from './continuation/thread-interface.ts';
import { isCallOutput, TURN_NOTIFICATIONS, type TurnNotification } from './decode/turn-notifications.ts';
import { encodeCallAnswer } from './encode/encode-item.ts';
import { withExponents } from './encode/large-numbers.ts';
import type { ThreadCalls } from './profile/parked-calls.ts';
import type { BareAppServer } from './profile/profile.ts';
import { createSingleRequestGuard, type SingleRequestGuard } from './profile/single-request-guard.ts';

/** A turn that a thread runs, or has run. */
export interface RunningTurn extends Pick<Thread, 'rest' | 'resume'> {
  /** @param onWritten Called when the start is on its way. */
  start(signal?: AbortSignal, onWritten?: () => void): Promise<void>;
  /** Interrupts the turn if it still runs; never rejects. */
  interrupt(): Promise<void>;
  stopListening(): void;
  /** Ends its calls, and stops listening. */
  close(): void;
}

/** The settings of `turn/start`. */
type TurnStartOptions = Omit<Methods['turn/start']['params'], 'threadId' | 'input'>;

/** Reports the turn that is about to start on a thread to the listener. */
export function listenToTurn(
  server: BareAppServer,
  threadId: string,
  options: TurnStartOptions,
  listener: TurnListener,
): RunningTurn {
  return new AppServerTurn(server, threadId, options, listener);
}

class AppServerTurn implements RunningTurn {
  readonly stopListening: () => void;
  readonly #connection: BareAppServer['connection'];
  readonly #threadId: string;
  readonly #options: TurnStartOptions;
  readonly #guard: SingleRequestGuard | undefined;
  readonly #calls: ThreadCalls;
  #listener: TurnListener;
  #isRunning = false;
  #turnId = '';
  #starts = 0;
  /** The start of the turn, which each of its listeners hears. */
  #beginning: TurnNotification | undefined;

  constructor(
    { connection, notifications, state }: BareAppServer,
    threadId: string,
    options: TurnStartOptions,
    listener: TurnListener,
  ) {
    this.#connection = connection;
    this.#threadId = threadId;
    this.#options = options;
    this.#guard = state.canGuardRequests
      ? createSingleRequestGuard(connection, threadId, state.maxGuardTries)
      : undefined;
    this.#calls = state.parkedCalls.open(threadId);
    this.#listener = listener;
    this.stopListening = notifications.listen(threadId, {
      onNotifications: (batch) =>
        this.#hear(batch.filter((notification) => isHeard(TURN_NOTIFICATIONS, notification))),
      onClose: () => {
        this.#isRunning = false;
        this.#listener.onClose();
      },
      onTooLong: () => this.#listener.onTooLong(),
    });
  }

  async start(signal?: AbortSignal, onWritten?: () => void): Promise<void> {
    this.#isRunning = true;
    this.#turnId = '';
    const params = { threadId: this.#threadId, input: [], ...this.#options };
    this.#starts += 1;
    const count = this.#starts;
    const started = await this.#connection.request('turn/start', params, {
      ...(signal && { signal }),
      ...(onWritten && { onWritten }),
    });
    // The end of a turn may come before the reply, and another start in between.
    if (count === this.#starts) this.#turnId = started.turn.id;
  }

  #hear(batch: readonly TurnNotification[]): void {
    // A notification of the account says nothing about this thread.
    if (batch.some(({ params }) => 'threadId' in params)) this.#calls.touch();
    const heard = batch.filter((notification) => {
      if (notification.method === 'turn/started') this.#beginning = notification;
      if (notification.method === 'turn/completed') this.#isRunning = false;
      if (!this.#guard?.hear(notification)) return true;
      this.start().catch(() => this.#listener.onNotifications([notification]));
      return false;
    });
    if (heard.length > 0) this.#listener.onNotifications(heard);
  }

  rest(onGone: () => void): void {
    this.#listener = createRestListener(() => {
      // Nobody waits any longer for calls to come.
      this.#calls.close();
      onGone();
    });
    this.#calls.hold();
  }

  async resume({ results, onResumed }: ResumedTurn, listener: TurnListener): Promise<boolean> {
    const beginning = this.#beginning;
    const ids = results.map(({ callId }) => callId);
    const canGoOn = async () => this.#isRunning && (await this.#calls.areWaiting(ids));
    if (beginning === undefined || !(await canGoOn())) return false;
    const isReleased = (await this.#guard?.release(this.#turnId, ids.length)) ?? true;
    if (!isReleased || !(await canGoOn())) return false;
    this.#listener = skipOutputs(listener, ids.length);
    onResumed();
    listener.onNotifications([beginning]);
    this.#calls.answer(new Map(results.map((result) => [result.callId, encodeCallAnswer(result)])));
    return true;
  }

  async interrupt(): Promise<void> {
    if (!this.#isRunning) return;
    // An empty id stands for the running turn, while its id is not known yet.
    const params = { threadId: this.#threadId, turnId: this.#turnId };
    await this.#connection.request('turn/interrupt', params).catch(() => {});
  }

  close(): void {
    this.stopListening();
    this.#calls.close();
  }
}

/** Returns the settings that Codex takes for a turn. */
export function turnOptions(turn: Turn): TurnStartOptions {
  const { reasoningEffort, reasoningSummary, serviceTier, outputSchema } = turn;
  return {
    effort: reasoningEffort ?? null,
    serviceTier: serviceTier === 'default' ? null : (serviceTier ?? null),
    ...(reasoningSummary !== undefined && reasoningSummary !== 'none' && { summary: reasoningSummary }),
    ...(outputSchema && { outputSchema: withExponents(outputSchema) }),
  };
}

/** Creates the listener for a turn that is over, or waits: whatever happens to its conversation makes it useless. */
function createRestListener(onGone: () => void): TurnListener {
  return {
    onNotifications(batch) {
      if (batch.some((one) => isCallOutput(one) || one.method === 'turn/completed')) onGone();
    },
    onClose: onGone,
    onTooLong: onGone,
  };
}

/** Returns a listener that does not hear of the outputs of calls, which come from the caller and not from the model. */
function skipOutputs(listener: TurnListener, count: number): TurnListener {
  let left = count;
  return {
    ...listener,
    onNotifications(batch) {
      const heard = batch.filter((notification) => {
        const isOutput = left > 0 && isCallOutput(notification);
        if (isOutput) left -= 1;
        return !isOutput;
      });
      if (heard.length > 0) listener.onNotifications(heard);
    },
  };
}
