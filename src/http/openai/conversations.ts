import { runInSlices } from '../../base/async/steps.ts';
import type { Conversations } from '../../gateway/state/conversations.ts';
import {
  decodeConversationUpdate,
  decodeNewConversation,
  readItemReferences,
} from '../../openai/conversations/decode.ts';
import { encodeConversation, encodeDeletedConversation } from '../../openai/conversations/encode.ts';
import { encodeNotices } from '../../openai/request/notice-headers.ts';
import type { Policy } from '../../openai/request/policy.ts';
import type { Middleware } from '../requests/context.ts';
import { policyFor } from '../requests/policy-for.ts';
import type { Recollect } from './recollect.ts';

export interface ConversationsOptions {
  readonly conversations: Conversations;
  readonly recollect: Recollect;
  readonly policy: Policy;
}

/** `POST /v1/conversations` */
export function createConversation({ conversations, recollect, policy }: ConversationsOptions): Middleware {
  return async (ctx) => {
    conversations.requireStore();
    const body: unknown = ctx.request.body;
    const decoding = decodeNewConversation(
      body,
      policyFor(ctx, policy),
      await recollect(readItemReferences(body)),
    );
    const { items, metadata, compatibility } = await runInSlices(decoding, ctx.state.signal);
    ctx.set(encodeNotices(compatibility));
    ctx.body = encodeConversation(await conversations.create(metadata, items));
  };
}

/** `GET /v1/conversations/{id}` */
export function retrieveConversation({ conversations }: ConversationsOptions): Middleware {
  return async (ctx) => {
    const { id } = ctx.params as { id: string };
    ctx.body = encodeConversation(await conversations.find(id));
  };
}

/** `POST /v1/conversations/{id}`: other metadata in place of what it has. */
export function updateConversation({ conversations, policy }: ConversationsOptions): Middleware {
  return async (ctx) => {
    const { id } = ctx.params as { id: string };
    const { metadata, compatibility } = decodeConversationUpdate(ctx.request.body, policyFor(ctx, policy));
    ctx.set(encodeNotices(compatibility));
    ctx.body = encodeConversation(await conversations.describe(id, metadata));
  };
}

/** `DELETE /v1/conversations/{id}` */
export function deleteConversation({ conversations }: ConversationsOptions): Middleware {
  return async (ctx) => {
    const { id } = ctx.params as { id: string };
    await conversations.remove(id);
    ctx.body = encodeDeletedConversation(id);
  };
}
