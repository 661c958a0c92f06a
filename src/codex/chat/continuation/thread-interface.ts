import type { Item, ToolResultItem } from '../../../conversation/item.ts';
import type { EngineRunOptions } from '../../../conversation/ports/engine.ts';
import type { Adjustment } from '../../../conversation/turn-event.ts';
import type { Turn } from '../../../conversation/turn.ts';
import type { TurnNotification } from '../decode/turn-notifications.ts';
import type { ToolNames } from '../encode/tool-names.ts';

/** The caller for whom a turn runs. */
export interface TurnCaller extends EngineRunOptions {
  /** Takes the turn out of the queue when it aborts. */
  readonly signal: AbortSignal;
}

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
export interface ThreadTurn {
  readonly turn: Turn;
  /** The items that the thread does not have yet. */
  readonly items: readonly Item[];
  /** True for a thread that has run a turn, and has the passthrough tools. */
  readonly isContinued: boolean;
  /** Names of the tools with which the thread was started. */
  readonly names: ToolNames;
  readonly caller: TurnCaller;
  /** Called when the start of the turn has been written: from then on, the provider may be asked. */
  onAsked(): void;
  /** Called after `onAsked` and before the first notification, with what Codex has changed about the items. */
  onInjected(adjustments: readonly Adjustment[]): void;
}

/** The rest of a turn that waits for the results of its calls. */
export interface ResumedTurn {
  /** The result of each call, in the order of the calls. */
  readonly results: readonly ToolResultItem[];
  /** Called before the first notification; from then on, the provider may be asked. */
  onResumed(): void;
}

/** An ephemeral, bare thread of the app-server, which runs one turn after another. */
export interface Thread {
  readonly id: string;
  /** Adds items to what the model sees and starts a turn, which it reports to the listener. Resolves once it has started. */
  run(turn: ThreadTurn, listener: TurnListener): Promise<void>;
  /**
   * Lets the thread wait for a request that continues it. Its turn is over, or waits for the results of its calls. `onGone` is
   * called when the thread can no longer be continued, and has to be released.
   */
  rest(onGone: () => void): void;
  /**
   * Answers the calls for which the turn waits, and reports the rest of the turn to the listener. Resolves to false if the turn
   * cannot go on; then nothing has happened.
   */
  resume(turn: ResumedTurn, listener: TurnListener): Promise<boolean>;
  /**
   * Releases the thread, so that the app-server unloads it; interrupts a turn that still runs. Settles once the app-server
   * has done so, or cannot; never rejects.
   */
  release(): Promise<void>;
}
