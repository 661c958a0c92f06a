import { runInSlices } from '../../base/async/steps.ts';
import type { Conversations } from '../../gateway/state/conversations.ts';
import {
  decodeConversationUpdate,
  decodeNewConversation,
  decodeNewItems,
  readItemReferences,
} from '../../openai/conversations/decode.ts';
import { encodeConversation, encodeDeletedConversation } from '../../openai/conversations/encode.ts';
import { decodeListQuery, encodeItemList, encodePage } from '../../openai/items/item-list.ts';
import { applyInclude } from '../../openai/items/apply-include.ts';
import { encodeNotices } from '../../openai/request/notice-headers.ts';
import type { Policy } from '../../openai/request/policy.ts';
import { decodeInclude } from '../../openai/request/query.ts';
import type { Middleware } from '../requests/context.ts';
import { policyFor } from './request/headers.ts';
import type { ResolveReferences } from './request/references.ts';

export interface ConversationsOptions {
  readonly conversations: Conversations;
  readonly resolveReferences: ResolveReferences;
  readonly policy: Policy;
}

/** Answers `POST /v1/conversations`. */
export function createConversation({
  conversations,
  resolveReferences,
  policy,
}: ConversationsOptions): Middleware {
  return async (ctx) => {
    conversations.requireStore();
    const body: unknown = ctx.request.body;
    const decoding = decodeNewConversation(
      body,
      policyFor(ctx, policy),
      await resolveReferences(readItemReferences(body)),
    );
    const { items, metadata, compatibility } = await runInSlices(decoding, ctx.state.signal);
    ctx.set(encodeNotices(compatibility));
    ctx.body = encodeConversation(await conversations.create(metadata, items));
  };
}

/** Answers `GET /v1/conversations/{id}`. */
export function retrieveConversation({ conversations }: ConversationsOptions): Middleware {
  return async (ctx) => {
    const { id } = ctx.params as { id: string };
    ctx.body = encodeConversation(await conversations.find(id));
  };
}

/** Answers `POST /v1/conversations/{id}`, which replaces the metadata. */
export function updateConversation({ conversations, policy }: ConversationsOptions): Middleware {
  return async (ctx) => {
    const { id } = ctx.params as { id: string };
    const { metadata, compatibility } = decodeConversationUpdate(ctx.request.body, policyFor(ctx, policy));
    ctx.set(encodeNotices(compatibility));
    ctx.body = encodeConversation(await conversations.setMetadata(id, metadata));
  };
}

/** Answers `DELETE /v1/conversations/{id}`. */
export function deleteConversation({ conversations }: ConversationsOptions): Middleware {
  return async (ctx) => {
    const { id } = ctx.params as { id: string };
    await conversations.remove(id);
    ctx.body = encodeDeletedConversation(id);
  };
}

/** Answers `POST /v1/conversations/{id}/items`. */
export function addItems({ conversations, resolveReferences, policy }: ConversationsOptions): Middleware {
  return async (ctx) => {
    const { id } = ctx.params as { id: string };
    await conversations.find(id);
    const body: unknown = ctx.request.body;
    const include = decodeInclude(ctx.query);
    const resolved = await resolveReferences(readItemReferences(body, id));
    const decoding = decodeNewItems(body, policyFor(ctx, policy), resolved);
    const { items, compatibility } = await runInSlices(decoding, ctx.state.signal);
    ctx.set(encodeNotices(compatibility));
    await conversations.addItems(id, items);
    ctx.body = encodePage(
      items.map((item) => applyInclude(item, include)),
      false,
    );
  };
}

/** Answers `GET /v1/conversations/{id}/items`. */
export function listItems({ conversations }: ConversationsOptions): Middleware {
  return async (ctx) => {
    const { id } = ctx.params as { id: string };
    const query = decodeListQuery(ctx.query);
    ctx.body = encodeItemList(await conversations.listItems(id), query);
  };
}

/** Answers `GET /v1/conversations/{id}/items/{item_id}`. */
export function retrieveItem({ conversations }: ConversationsOptions): Middleware {
  return async (ctx) => {
    const { id, item_id: itemId } = ctx.params as ItemParams;
    const include = decodeInclude(ctx.query);
    ctx.body = applyInclude(await conversations.findItem(id, itemId), include);
  };
}

/** Answers `DELETE /v1/conversations/{id}/items/{item_id}` with the conversation. */
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
