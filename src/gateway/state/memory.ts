import { GatewayError } from '../../base/errors.ts';
import { excerpt } from '../../base/excerpt.ts';
import type { JsonObject } from '../../base/json.ts';
import type { ResolvedReferences, References } from '../../conversation/references.ts';
import type { Store, StoredResponse } from '../../conversation/ports/store.ts';

/** What responses are remembered by: the store, and what a connection alone knows. */
export interface Memory {
  /** Rejects for what nobody here knows; a missing item is left to whoever decodes it. */
  recall(references: References): Promise<ResolvedReferences>;
}

/** Responses that were not stored, and that only those know who asked for them. */
export type OwnResponses = ReadonlyMap<string, StoredResponse>;

export function createMemory(store: Store | undefined, own: OwnResponses = new Map()): Memory {
  /** A response and what it goes on with, oldest first. */
  async function findResponseChain(id: string): Promise<readonly StoredResponse[]> {
    const known: StoredResponse[] = [];
    let next: string | undefined = id;
    for (let found = own.get(next); found; found = next === undefined ? undefined : own.get(next)) {
      known.unshift(found);
      next = found.previousId;
    }
    if (next === undefined) return known;
    const stored = await store?.findResponseChain(next);
    if (stored === undefined) throw previousNotFound(id);
    return [...stored, ...known];
  }

  async function recallPrevious(id: string): Promise<JsonObject[]> {
    const thread = await findResponseChain(id);
    if (isUnderWay(thread.at(-1)!)) {
      const message = `The response '${excerpt(id)}' has not ended yet. Wait for its end, or cancel it.`;
      throw new GatewayError('invalid_value', message, { param: 'previous_response_id' });
    }
    return thread.flatMap(itemsOf);
  }

  async function recallConversation(id: string): Promise<readonly JsonObject[]> {
    if ((await store?.findConversation(id)) === undefined) throw conversationNotFound(id, 'conversation');
    return await store!.listItems(id);
  }

  async function findItems(ids: readonly string[]): Promise<ReadonlyMap<string, JsonObject>> {
    if (ids.length === 0) return new Map();
    const stored = await store?.findItems(ids);
    const wanted = new Set<unknown>(ids);
    const kept = [...own.values()].flatMap(itemsOf).filter((item) => wanted.has(item.id));
    return new Map([...(stored ?? []), ...kept.map((item) => [item.id as string, item] as const)]);
  }

  return {
    async recall({ previousId, conversationId, itemIds }) {
      const history = await (previousId !== undefined
        ? recallPrevious(previousId)
        : conversationId === undefined
          ? []
          : recallConversation(conversationId));
      return { history, items: await findItems(itemIds) };
    },
  };
}

/** Whether a response is still to end. */
export function isUnderWay({ status }: StoredResponse): boolean {
  return status === 'queued' || status === 'in_progress';
}

/** Whether a response has come to an end of its own, and not to that of somebody else. */
export function hasAnswered({ status }: Pick<StoredResponse, 'status'>): boolean {
  return status === 'completed' || status === 'incomplete';
}

/** What a response has added to its conversation. */
export function itemsOf({ input, body }: StoredResponse): JsonObject[] {
  return [...input, ...(body.output as readonly JsonObject[])];
}

function previousNotFound(id: string): GatewayError {
  return new GatewayError(
    'previous_response_not_found',
    `Previous response with id '${excerpt(id)}' not found. It, or one that it goes on with, is not kept: send the conversation itself in 'input'.`,
    { param: 'previous_response_id' },
  );
}

/** For a conversation that its caller does not have; `param` names the field that asks for it, where it is one. */
export function conversationNotFound(id: string, param?: string): GatewayError {
  const message = `Conversation with id '${excerpt(id)}' not found.`;
  return new GatewayError('conversation_not_found', message, param === undefined ? {} : { param });
}
