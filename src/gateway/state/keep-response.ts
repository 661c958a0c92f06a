import type { Store, StoredResponse } from '../../conversation/ports/store.ts';
import { hasAnswered, itemsOf } from './memory.ts';

/** Keeps a response as far as it has come; what its conversation hears of it is kept also where it is not to be stored. */
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

/** A response that its caller did not want to its end. */
export function asCancelled(response: StoredResponse): StoredResponse {
  const body = { ...response.body, status: 'cancelled', error: null };
  return { ...response, status: 'cancelled', body };
}
