import { GatewayError } from '../../../base/errors.ts';
import { excerpt } from '../../../base/excerpt.ts';
import type { StoredResponse } from '../../../conversation/ports/store.ts';
import { asCancelled, isUnderWay, itemsOf } from '../../../gateway/state/response-history.ts';
import { decodeListQuery, encodeItemList } from '../../../openai/items/item-list.ts';
import { decodeRetrieval } from '../../../openai/responses/request/decode-retrieval.ts';
import { applyIncludeToResponse } from '../../../openai/items/apply-include.ts';
import type { Context, Middleware } from '../../requests/context.ts';
import { createSendStored, findStored, type StoredOptions } from './send-stored-response.ts';

/** Answers `GET /v1/responses/{id}`; with `stream=true`, with the events after `starting_after`. */
export function retrieveResponse(options: StoredOptions): Middleware {
  const sendStored = createSendStored(options);
  return async (ctx) => await sendStored(ctx, idOf(ctx), decodeRetrieval(ctx.query));
}

/** Answers `DELETE /v1/responses/{id}`; a running response is cancelled first. */
export function deleteResponse({ store, background }: StoredOptions): Middleware {
  return async (ctx) => {
    const { id } = await findStored(store, idOf(ctx));
    await background.cancel(id);
    await store?.deleteResponse(id);
    ctx.body = { id, object: 'response', deleted: true };
  };
}

/** Answers `POST /v1/responses/{id}/cancel`; a response that has ended stays as it is. */
export function cancelResponse({ store, background }: StoredOptions): Middleware {
  return async (ctx) => {
    const stored = await findStored(store, idOf(ctx));
    if (!stored.background) throw notInBackground(stored);
    await background.cancel(stored.id);
    // If another process runs it, that process finds the cancellation when its response ends.
    if (isUnderWay(stored)) await store?.saveResponse(asCancelled(stored));
    ctx.body = applyIncludeToResponse((await findStored(store, stored.id)).body, new Set());
  };
}

/** Answers `GET /v1/responses/{id}/input_items` with its input and the items before it that are still stored. */
export function listInputItems({ store }: StoredOptions): Middleware {
  return async (ctx) => {
    const query = decodeListQuery(ctx.query);
    const stored = await findStored(store, idOf(ctx));
    const before = (await store?.findResponseChain(stored.id))?.slice(0, -1) ?? [];
    ctx.body = encodeItemList([...before.flatMap(itemsOf), ...stored.input], query);
  };
}

function idOf(ctx: Context): string {
  return (ctx.params as { id: string }).id;
}

function notInBackground({ id }: StoredResponse): GatewayError {
  return new GatewayError(
    'invalid_value',
    `Cannot cancel '${excerpt(id)}': only a response that was created with background=true can be cancelled.`,
  );
}
