import type { AskedMark } from '../../base/asked-mark.ts';
import type { LimitWindow } from '../account-limits.ts';
import type { Model } from '../model.ts';
import type { TurnEvent } from '../turn-event.ts';
import type { Turn } from '../turn.ts';

/** The port behind which turns run. */
export interface Engine {
  /** Throws a `GatewayError` if there is no login with which a turn of a model could run. */
  requireLogin(model: string, signal: AbortSignal): Promise<void>;
  /**
   * Returns the models; waits while the engine starts.
   * @param wanted The model that the caller looks for: models that another provider serves may be left out then.
   */
  models(signal: AbortSignal, wanted?: string): Promise<readonly Model[]>;
  /** Returns the limits of the account that a model counts against, as far as the provider has reported them. */
  limits(model?: string): readonly LimitWindow[];
  /**
   * Runs a turn. Aborting the signal interrupts the turn upstream; abort it if the events are not read to the
   * end.
   */
  runTurn(turn: Turn, signal: AbortSignal, options?: EngineRunOptions): TurnRun;
}

export interface EngineRunOptions {
  /**
   * The caller. The turn may continue an earlier one of the same owner, if its conversation extends that one. Without an
   * owner, it neither continues a turn nor can be continued.
   */
  readonly owner?: string | undefined;
  /**
   * Called with true when the turn has to wait for others before it can start, and with false when it no longer
   * has to.
   */
  readonly onQueue?: ((isWaiting: boolean) => void) | undefined;
  /** Set by the engine when the provider may be asked from now on; set already if an earlier turn of the request was. */
  readonly asked?: AskedMark | undefined;
}

/** A running turn. */
export interface TurnRun {
  /**
   * Batches of events as they arrive, never empty. Ends with a `turn-end` event, or throws a `GatewayError`,
   * or the signal's reason once it is aborted and the events before that are read.
   */
  readonly events: AsyncIterable<readonly TurnEvent[]>;
  /** Resolves once nothing of the turn is running any more, possibly after the last event; never rejects. */
  readonly ended: Promise<void>;
}
