import { GatewayError } from '../../base/errors.ts';
import { excerpt } from '../../base/excerpt.ts';
import type { JsonObject } from '../../base/json.ts';
import type { ResolvedReferences, References } from '../../conversation/references.ts';
import type { Store, StoredResponse } from '../../conversation/ports/store.ts';

/** Earlier responses and conversations: those in the store, and the responses that a connection keeps for itself. */
export interface ResponseHistory {
  /** Loads what a request refers to. Rejects for what does not exist, except that missing items are left to their decoder. */
  resolve(references: References): Promise<ResolvedReferences>;
}

/** Responses that were not stored, by id: only the connection that asked for them knows them. */
export type ConnectionResponses = ReadonlyMap<string, StoredResponse>;

export function createResponseHistory(
  store: Store | undefined,
  own: ConnectionResponses = new Map(),
): ResponseHistory {
  /** Returns a response and those that it continues, oldest first. */
  async function findResponseChain(id: string): Promise<readonly StoredResponse[]> {
    const chain: StoredResponse[] = [];
    let next: string | undefined = id;
    for (let found = own.get(next); found; found = next === undefined ? undefined : own.get(next)) {
      chain.unshift(found);
      next = found.previousId;
    }
    if (next === undefined) return chain;
    const stored = await store?.findResponseChain(next);
    if (stored === undefined) throw previousNotFound(id);
    return [...stored, ...chain];
  }

  async function itemsOfChain(id: string): Promise<JsonObject[]> {
    const chain = await findResponseChain(id);
    if (isUnderWay(chain.at(-1)!)) {
      const message = `The response '${excerpt(id)}' has not ended yet. Wait for its end, or cancel it.`;
      throw new GatewayError('invalid_value', message, { param: 'previous_response_id' });
    }
    return chain.flatMap(itemsOf);
  }

  async function itemsOfConversation(id: string): Promise<readonly JsonObject[]> {
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

  async function findHistory({ previousId, conversationId }: References): Promise<readonly JsonObject[]> {
    if (previousId !== undefined) return await itemsOfChain(previousId);
    return conversationId === undefined ? [] : await itemsOfConversation(conversationId);
  }

  return {
    resolve: async (references) => ({
      history: await findHistory(references),
      items: await findItems(references.itemIds),
    }),
  };
}

/**
 * Saves a response in its present state. What it adds to a conversation is saved even if the response itself is not to be
 * stored.
 */
export async function keepResponse(
  store: Store | undefined,
  response: StoredResponse,
  isStored: boolean,
): Promise<void> {
  const { conversationId } = response;
  if (isStored) await store?.saveResponse(response);
  else if (conversationId !== undefined && hasAnswered(response))
    await store?.addItems(conversationId, itemsOf(response));
}

/** Returns a response as it is once its caller has cancelled it. */
export function asCancelled(response: StoredResponse): StoredResponse {
  const body = { ...response.body, status: 'cancelled', error: null };
  return { ...response, status: 'cancelled', body };
}

/** Returns true for a response that has not ended. */
export function isUnderWay({ status }: StoredResponse): boolean {
  return status === 'queued' || status === 'in_progress';
}

/** Returns true for a response that has ended with an answer, not with an error or a cancellation. */
export function hasAnswered({ status }: Pick<StoredResponse, 'status'>): boolean {
  return status === 'completed' || status === 'incomplete';
}

/** Returns the items that a response has added to its conversation. */
export function itemsOf({ input, body }: StoredResponse): JsonObject[] {
  return [...input, ...(body.output as readonly JsonObject[])];
}

function previousNotFound(id: string): GatewayError {
  return new GatewayError(
    'previous_response_not_found',
    `Previous response with id '${excerpt(id)}' not found. It, or one that it continues, is not stored: send the conversation itself in 'input'.`,
    { param: 'previous_response_id' },
  );
}

/** Creates the error for a conversation that does not exist; `param` names the field that refers to it, if one does. */
export function conversationNotFound(id: string, param?: string): GatewayError {
  const message = `Conversation with id '${excerpt(id)}' not found.`;
  return new GatewayError('conversation_not_found', message, param === undefined ? {} : { param });
}
