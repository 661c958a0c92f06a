import { MAIN_TOKEN } from '../../base/scopes.ts';
import { createIdempotencyKeys } from '../../gateway/state/idempotency-keys.ts';
import { createUnsavedResponses } from '../../gateway/state/unsaved-responses.ts';
import type { CallerState, StateOf } from '../../http/openai/caller-state.ts';
import { createBackgroundResponses } from '../../http/openai/responses/background-responses.ts';
import type { Sealing, SharedSealing } from '../../conversation/ports/sealing.ts';
import type { Store } from '../../conversation/ports/store.ts';
import { callerSecret } from '../../store/callers.ts';
import type { StoreThread } from '../worker/store-thread.ts';

/** The state of every caller. */
export interface CallerStates {
  readonly of: StateOf;
  /** Returns the number of callers with a state. */
  count(): number;
  /** Returns the number of responses in the background, of all callers. */
  running(): number;
  /** Ends the responses in the background with the reason. */
  stop(reason: Error): Promise<void>;
  /** Tries to store what could not be stored before. */
  saveAll(): Promise<void>;
}

export interface CallerStatesOptions {
  /** The main caller's; undefined if nothing is stored. */
  readonly mainStore: Store | undefined;
  readonly stores: Pick<StoreThread, 'storeOf'> | undefined;
  readonly sealing: SharedSealing;
  /** Returns true for the id of a token that was not revoked. */
  isToken(id: string): boolean;
}

interface OpenState extends CallerState {
  saveAll(): Promise<void>;
}

export function createCallerStates({
  mainStore,
  stores,
  sealing,
  isToken,
}: CallerStatesOptions): CallerStates {
  const states = new Map([[MAIN_TOKEN, createState(mainStore, sealing)]]);

  /** Drops the states of revoked tokens, whose ids never come again, once nothing of them is running. */
  function dropRevoked(): void {
    for (const [id, { background }] of states) {
      if (id !== MAIN_TOKEN && background.count === 0 && !isToken(id)) states.delete(id);
    }
  }

  function stateOf(id: string): OpenState {
    const known = states.get(id);
    if (known !== undefined) return known;
    dropRevoked();
    const state = createState(stores?.storeOf(callerSecret(id)), sealing.ofCaller(id));
    states.set(id, state);
    return state;
  }

  const all = () => [...states.values()];
  return {
    of: (caller) => stateOf(caller?.id ?? MAIN_TOKEN),
    count: () => states.size,
    running: () => all().reduce((sum, { background }) => sum + background.count, 0),
    stop: async (reason) => void (await Promise.all(all().map(({ background }) => background.stop(reason)))),
    saveAll: async () => void (await Promise.all(all().map(({ saveAll }) => saveAll()))),
  };
}

function createState(store: Store | undefined, sealing: Sealing): OpenState {
  const keys = createIdempotencyKeys();
  const unsaved = store && createUnsavedResponses(store);
  return {
    store: unsaved?.store,
    background: createBackgroundResponses(unsaved, keys),
    keys,
    sealing,
    saveAll: async () => await unsaved?.saveAll(),
  };
}
