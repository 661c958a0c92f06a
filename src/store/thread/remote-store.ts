import type { JsonObject } from '../../base/json.ts';
import type { Store, StoredConversation, StoredResponse } from '../../conversation/ports/store.ts';
import { readPieces, type Pieces } from '../pieces.ts';
import type { StoreJob } from './store-job.ts';

/** A response as the thread of the database hands it over. */
export interface PackedResponse extends Omit<StoredResponse, 'body' | 'input' | 'events'> {
  /** Without its output. */
  readonly body: string;
  readonly input: Pieces;
  /** Undefined for a body that has none. */
  readonly output: Pieces | undefined;
  readonly events: Pieces | undefined;
}

/** Asks the thread of the database to do a job; rejects with what has failed there. */
export type AskStore = (job: Pick<StoreJob, 'method' | 'args' | 'lists'>) => Promise<unknown>;

/** One caller's store, of which the database works in another thread. */
export function createRemoteStore(ask: AskStore): Store {
  async function call<T>(
    method: StoreJob['method'],
    args: readonly unknown[] = [],
    ...lists: readonly (readonly JsonObject[])[]
  ): Promise<T> {
    return (await ask({ method, args, lists })) as T;
  }
  return {
    checkWritable: () => call('checkWritable'),
    async saveResponse({ body, input, ...response }) {
      const output = Array.isArray(body.output) ? (body.output as JsonObject[]) : [];
      const rest = Array.isArray(body.output) ? { ...body, output: [] } : body;
      return await call('saveResponse', [{ ...response, body: rest, events: undefined }], input, output);
    },
    saveEvents: (id, events) => call('saveEvents', [id], events),
    async findResponse(id) {
      const packed = await call<PackedResponse | undefined>('findResponse', [id]);
      return (
        packed && { ...(await unpack(packed)), events: packed.events && (await readPieces(packed.events)) }
      );
    },
    async findResponseChain(id) {
      const thread = await call<readonly PackedResponse[] | undefined>('findResponseChain', [id]);
      if (thread === undefined) return undefined;
      const unpacked: StoredResponse[] = [];
      for (const packed of thread) unpacked.push(await unpack(packed));
      return unpacked;
    },
    deleteResponse: (id) => call('deleteResponse', [id]),
    async findItems(ids) {
      const { found, items } = await call<{ found: readonly string[]; items: Pieces }>('findItems', [ids]);
      const list = await readPieces(items);
      return new Map(found.map((id, place) => [id, list[place]!]));
    },
    saveConversation: (conversation) => call('saveConversation', [conversation]),
    findConversation: (id) => call<StoredConversation | undefined>('findConversation', [id]),
    deleteConversation: (id) => call('deleteConversation', [id]),
    addItems: (conversationId, items) => call('addItems', [conversationId], items),
    listItems: async (id) => await readPieces(await call<Pieces>('listItems', [id])),
    deleteItem: (conversationId, itemId) => call('deleteItem', [conversationId, itemId]),
  };
}

async function unpack({ output, ...packed }: PackedResponse): Promise<StoredResponse> {
  const body = JSON.parse(packed.body) as JsonObject;
  const input = await readPieces(packed.input);
  return {
    ...packed,
    input,
    events: undefined,
    body: output === undefined ? body : { ...body, output: await readPieces(output) },
  };
}
