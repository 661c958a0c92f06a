import type { LimitWindow } from './account-limits.ts';
import type { Model } from './model.ts';
import type { TurnEvent } from './turn-event.ts';
import type { Turn } from './turn.ts';

/** The port behind which turns run. */
export interface Engine {
  /** Throws a `GatewayError` where nobody has signed in who could run a turn. */
  requireLogin(signal: AbortSignal): Promise<void>;
  /** Waits while the engine starts. */
  models(signal: AbortSignal): Promise<readonly Model[]>;
  /** The limits of the account, as far as the provider has told them yet. */
  limits(): readonly LimitWindow[];
  /**
   * Runs a turn; ends with a `turn-end` event or throws a `GatewayError`. When the signal aborts, the turn is
   * interrupted upstream and the iteration throws the signal's reason.
   */
  runTurn(turn: Turn, signal: AbortSignal): AsyncIterable<TurnEvent>;
}
