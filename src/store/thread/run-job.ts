import type { JsonObject } from '../../base/json.ts';
import type { Store, StoredConversation, StoredResponse } from '../../conversation/ports/store.ts';
import { encodeChunks } from '../json-chunks.ts';
import { packResponse } from './packed-response.ts';
import type { StoreJob } from './store-job.ts';

type Run = (store: Store, args: never, lists: StoreJob['lists']) => Promise<unknown>;

/** Runs each method of a store with the arguments of a job, and returns its result in the form to send back. */
const RUNS = {
  checkWritable: (store) => store.checkWritable(),
  saveResponse: (store, [response]: [StoredResponse], [input = [], output = []]) =>
    store.saveResponse({ ...response, input, body: withOutput(response.body, output) }),
  saveEvents: (store, [id]: [string], [events = []]) => store.saveEvents(id, events),
  async findResponse(store, [id]: [string]) {
    const found = await store.findResponse(id);
    return found && packResponse(found);
  },
  findResponseChain: async (store, [id]: [string]) => (await store.findResponseChain(id))?.map(packResponse),
  deleteResponse: (store, [id]: [string]) => store.deleteResponse(id),
  async findItems(store, [ids]: [readonly string[]]) {
    const items = await store.findItems(ids);
    return { found: [...items.keys()], items: encodeChunks([...items.values()]) };
  },
  saveConversation: (store, [conversation]: [StoredConversation]) => store.saveConversation(conversation),
  findConversation: (store, [id]: [string]) => store.findConversation(id),
  deleteConversation: (store, [id]: [string]) => store.deleteConversation(id),
  addItems: (store, [id]: [string], [items = []]) => store.addItems(id, items),
  listItems: async (store, [id]: [string]) => encodeChunks(await store.listItems(id)),
  deleteItem: (store, [id, itemId]: [string, string]) => store.deleteItem(id, itemId),
} satisfies Record<keyof Store, Run>;

/** Runs a job on the caller's store, in the database's thread; resolves to the result in the form to send back. */
export async function runJob(store: Store, method: keyof Store, job: StoreJob): Promise<unknown> {
  return await (RUNS[method] as Run)(store, job.args as never, job.lists);
}

function withOutput(body: JsonObject, output: readonly JsonObject[]): JsonObject {
  return Array.isArray(body.output) ? { ...body, output } : body;
}
