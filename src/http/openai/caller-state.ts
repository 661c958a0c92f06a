import type { Sealing } from '../../conversation/ports/sealing.ts';
import type { Store } from '../../conversation/ports/store.ts';
import type { IdempotencyKeys } from '../../gateway/state/idempotency-keys.ts';
import type { Caller, Context, Middleware } from '../requests/context.ts';
import type { BackgroundResponses } from './responses/background-responses.ts';

/** State of one caller that outlives a request. No other caller sees or changes it. */
export interface CallerState {
  /** Undefined if nothing is stored. */
  readonly store: Store | undefined;
  readonly background: BackgroundResponses;
  readonly keys: IdempotencyKeys;
  readonly sealing: Sealing;
}

/** Returns the state of a caller, the same one each time; undefined is the caller of a server without tokens. */
export type StateOf = (caller: Pick<Caller, 'id'> | undefined) => CallerState;

/**
 * Returns middleware by the name of a handler. Every caller has handlers of their own, which know the state of that caller
 * alone. Their code is loaded with the first request for one of them.
 */
export function handlePerCaller<Name extends string>(
  stateOf: StateOf,
  load: () => Promise<(state: CallerState) => Readonly<Record<Name, Middleware>>>,
): (name: Name) => Middleware {
  const created = new WeakMap<CallerState, Readonly<Record<Name, Middleware>>>();
  let loading: ReturnType<typeof load> | undefined;

  async function handlersFor({ state: { caller } }: Context) {
    const create = await (loading ??= load());
    const state = stateOf(caller);
    const handlers = created.get(state) ?? create(state);
    created.set(state, handlers);
    return handlers;
  }

  return (name) => async (ctx, next) => {
    const handlers = await handlersFor(ctx);
    await handlers[name](ctx, next);
  };
}
