import { GatewayError } from '../../base/errors.ts';
import { excerpt } from '../../base/excerpt.ts';
import type { StoredResponse } from '../../conversation/ports/store.ts';
import { asCancelled } from '../../gateway/state/keep-response.ts';
import { isUnderWay, itemsOf } from '../../gateway/state/memory.ts';
import { decodeListQuery, encodeItemList } from '../../openai/items/item-list.ts';
import { decodeRetrieval } from '../../openai/responses/request/decode-retrieval.ts';
import { applyIncludeToResponse } from '../../openai/items/apply-include.ts';
import type { Context, Middleware } from '../requests/context.ts';
import { createTellStored, findStored, type StoredOptions } from './tell-stored.ts';

/** `GET /v1/responses/{id}`; with `stream=true` its events, those after `starting_after`. */
export function retrieveResponse(options: StoredOptions): Middleware {
  const tell = createTellStored(options);
  return async (ctx) => await tell(ctx, idOf(ctx), decodeRetrieval(ctx.query));
}

/** `DELETE /v1/responses/{id}`; one that is under way is ended first. */
export function deleteResponse({ store, background }: StoredOptions): Middleware {
  return async (ctx) => {
    const { id } = await findStored(store, idOf(ctx));
    await background.cancel(id);
    await store?.deleteResponse(id);
    ctx.body = { id, object: 'response', deleted: true };
  };
}

/** `POST /v1/responses/{id}/cancel`; one that has ended stays as it is. */
export function cancelResponse({ store, background }: StoredOptions): Middleware {
  return async (ctx) => {
    const stored = await findStored(store, idOf(ctx));
    if (!stored.background) throw notInBackground(stored);
    await background.cancel(stored.id);
    // Where it runs in another process, that one finds out at its end.
    if (isUnderWay(stored)) await store?.saveResponse(asCancelled(stored));
    ctx.body = applyIncludeToResponse((await findStored(store, stored.id)).body, new Set());
  };
}

/** `GET /v1/responses/{id}/input_items`: its input, and what it goes on with, as far as that is still kept. */
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
