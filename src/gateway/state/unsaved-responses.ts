import type { Store, StoredResponse } from '../../conversation/ports/store.ts';

/** Ends of responses that could not be stored, and that nobody else has heard of: they ran in the background. */
export interface UnsavedResponses {
  /** The store, with the held responses in it. */
  readonly store: Store;
  /** Holds the end of a response until it can be stored. */
  hold(response: StoredResponse): void;
  /** Tries to store all of them. */
  settle(): Promise<void>;
}

/** Responses that are held whole; of older ones, only their end is known. */
const MAX_WHOLE = 100;

export function createUnsavedResponses(store: Store): UnsavedResponses {
  const held = new Map<string, StoredResponse>();

  /** Looking for a response is an occasion to store it. */
  async function settle(ids: Iterable<string> = [...held.keys()]): Promise<void> {
    for (const id of ids) {
      const response = held.get(id);
      if (response === undefined) continue;
      try {
        await store.saveResponse(response);
      } catch {
        // The others would fail alike.
        return;
      }
      if (held.get(id) === response) held.delete(id);
    }
  }

  return {
    settle,
    hold(response) {
      held.set(response.id, response);
      const [oldest] = [...held.values()].slice(-MAX_WHOLE - 1);
      if (held.size > MAX_WHOLE && oldest !== undefined) held.set(oldest.id, asLost(oldest));
    },
    store: {
      ...store,
      async findResponse(id) {
        await settle([id]);
        return held.get(id) ?? (await store.findResponse(id));
      },
      async findResponseChain(id) {
        await settle();
        const thread = await store.findResponseChain(id);
        return thread?.map((response) => held.get(response.id) ?? response);
      },
      async deleteResponse(id) {
        const wasThere = await store.deleteResponse(id);
        held.delete(id);
        return wasThere;
      },
    },
  };
}

function asLost(response: StoredResponse): StoredResponse {
  const message = 'The response could not be stored when it ended; too many others could not, either.';
  const error = { type: 'server_error', code: 'server_error', message, param: null };
  const body = { ...response.body, status: 'failed', output: [], error };
  return { ...response, status: 'failed', input: [], body };
}
