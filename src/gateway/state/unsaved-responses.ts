import type { Store, StoredResponse } from '../../conversation/ports/store.ts';

/** Ends of background responses that could not be stored; no client has received them. */
export interface UnsavedResponses {
  /** The store, with the held responses in it. */
  readonly store: Store;
  /** Holds the end of a response until it can be stored. */
  hold(response: StoredResponse): void;
  /** Tries to store all of them. */
  saveAll(): Promise<void>;
}

/** Maximum number of responses that are held with their content; older ones count as lost. */
const MAX_COMPLETE = 100;

export function createUnsavedResponses(store: Store): UnsavedResponses {
  const held = new Map<string, StoredResponse>();

  async function save(ids: Iterable<string>): Promise<void> {
    for (const id of ids) {
      const response = held.get(id);
      if (response === undefined) continue;
      try {
        await store.saveResponse(response);
      } catch {
        // The others would fail in the same way.
        return;
      }
      if (held.get(id) === response) held.delete(id);
    }
  }

  const saveAll = async () => await save([...held.keys()]);

  return {
    saveAll,
    hold(response) {
      held.set(response.id, response);
      const [oldest] = [...held.values()].slice(-MAX_COMPLETE - 1);
      if (held.size > MAX_COMPLETE && oldest !== undefined) held.set(oldest.id, asLost(oldest));
    },
    store: {
      ...store,
      // A look for a response is an occasion to store it.
      async findResponse(id) {
        await save([id]);
        return held.get(id) ?? (await store.findResponse(id));
      },
      async findResponseChain(id) {
        await saveAll();
        const chain = await store.findResponseChain(id);
        return chain?.map((response) => held.get(response.id) ?? response);
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
