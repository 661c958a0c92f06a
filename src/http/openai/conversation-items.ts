import { runInSlices } from '../../base/async/steps.ts';
import { decodeNewItems, readItemReferences } from '../../openai/conversations/decode.ts';
import { encodeConversation } from '../../openai/conversations/encode.ts';
import { decodeListQuery, encodeItemList, encodePage } from '../../openai/items/item-list.ts';
import { encodeNotices } from '../../openai/request/notice-headers.ts';
import { decodeInclude } from '../../openai/request/query.ts';
import { applyInclude } from '../../openai/items/apply-include.ts';
import type { Middleware } from '../requests/context.ts';
import { policyFor } from '../requests/policy-for.ts';
import type { ConversationsOptions } from './conversations.ts';

/** `POST /v1/conversations/{id}/items` */
export function addItems({ conversations, recollect, policy }: ConversationsOptions): Middleware {
  return async (ctx) => {
    const { id } = ctx.params as { id: string };
    await conversations.find(id);
    const body: unknown = ctx.request.body;
    const include = decodeInclude(ctx.query);
    const recollected = await recollect(readItemReferences(body, id));
    const decoding = decodeNewItems(body, policyFor(ctx, policy), recollected);
    const { items, compatibility } = await runInSlices(decoding, ctx.state.signal);
    ctx.set(encodeNotices(compatibility));
    await conversations.addItems(id, items);
    ctx.body = encodePage(
      items.map((item) => applyInclude(item, include)),
      false,
    );
  };
}

/** `GET /v1/conversations/{id}/items` */
export function listItems({ conversations }: ConversationsOptions): Middleware {
  return async (ctx) => {
    const { id } = ctx.params as { id: string };
    const query = decodeListQuery(ctx.query);
    ctx.body = encodeItemList(await conversations.listItems(id), query);
  };
}

/** `GET /v1/conversations/{id}/items/{item_id}` */
export function retrieveItem({ conversations }: ConversationsOptions): Middleware {
  return async (ctx) => {
    const { id, item_id: itemId } = ctx.params as ItemParams;
    const include = decodeInclude(ctx.query);
    ctx.body = applyInclude(await conversations.findItem(id, itemId), include);
  };
}

/** `DELETE /v1/conversations/{id}/items/{item_id}`: answers the conversation. */
export function deleteItem({ conversations }: ConversationsOptions): Middleware {
  return async (ctx) => {
    const { id, item_id: itemId } = ctx.params as ItemParams;
    ctx.body = encodeConversation(await conversations.removeItem(id, itemId));
  };
}

interface ItemParams {
  readonly id: string;
  readonly item_id: string;
}
