import type { JsonObject } from '../../base/json.ts';
import type { Store, StoredConversation, StoredResponse } from '../../conversation/ports/store.ts';
import { decodeChunks, type JsonChunks } from '../json-chunks.ts';
import { unpackResponse, type PackedResponse } from './packed-response.ts';
import type { StoreJob } from './store-job.ts';

/** Sends a job to the database's thread; rejects with the error thrown there. */
export type SendStoreJob = (job: Pick<StoreJob, 'method' | 'args' | 'lists'>) => Promise<unknown>;

/** Creates one caller's store, whose database works in another thread. */
export function createRemoteStore(send: SendStoreJob): Store {
  async function call<T>(
    method: StoreJob['method'],
    args: readonly unknown[] = [],
    ...lists: readonly (readonly JsonObject[])[]
  ): Promise<T> {
    return (await send({ method, args, lists })) as T;
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
      return packed && (await unpackResponse(packed));
    },
    async findResponseChain(id) {
      const chain = await call<readonly PackedResponse[] | undefined>('findResponseChain', [id]);
      if (chain === undefined) return undefined;
      const unpacked: StoredResponse[] = [];
      for (const packed of chain) unpacked.push(await unpackResponse(packed));
      return unpacked;
    },
    deleteResponse: (id) => call('deleteResponse', [id]),
    async findItems(ids) {
      const { found, items } = await call<{ found: readonly string[]; items: JsonChunks }>('findItems', [
        ids,
      ]);
      const list = await decodeChunks(items);
      return new Map(found.map((id, index) => [id, list[index]!]));
    },
    saveConversation: (conversation) => call('saveConversation', [conversation]),
    findConversation: (id) => call<StoredConversation | undefined>('findConversation', [id]),
    deleteConversation: (id) => call('deleteConversation', [id]),
    addItems: (conversationId, items) => call('addItems', [conversationId], items),
    listItems: async (id) => await decodeChunks(await call<JsonChunks>('listItems', [id])),
    deleteItem: (conversationId, itemId) => call('deleteItem', [conversationId, itemId]),
  };
}
