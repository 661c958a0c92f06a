import type { LimitWindow } from '../account-limits.ts';
import type { Model } from '../model.ts';
import type { TurnEvent } from '../turn-event.ts';
import type { Turn } from '../turn.ts';

/** The port behind which turns run. */
export interface Engine {
  /** Throws a `GatewayError` where nobody has signed in who could run a turn. */
  requireLogin(signal: AbortSignal): Promise<void>;
  /** Waits while the engine starts. */
  models(signal: AbortSignal): Promise<readonly Model[]>;
  /** The limits of the account, as far as the provider has told them yet. */
  limits(): readonly LimitWindow[];
  /**
   * Runs a turn. When the signal aborts, the turn is interrupted upstream; abort it when the events are left unread.
   * `onQueue` is called with true when the turn has to wait for other requests before it can start, and with false when it
   * need not any more.
   */
  runTurn(turn: Turn, signal: AbortSignal, onQueue?: (isWaiting: boolean) => void): TurnRun;
}

/** A turn under way. */
export interface TurnRun {
  /**
   * The events, in the batches in which they arrive; none is empty. Ends with a `turn-end` event or throws a `GatewayError`, or
   * the signal's reason as soon as that aborts.
   */
  readonly events: AsyncIterable<readonly TurnEvent[]>;
  /** Settles once nothing of the turn is under way any more, which may be after its last event; never rejects. */
  readonly ended: Promise<void>;
}
