import type { Gateway } from '../../gateway/gateway.ts';
import { encodeNotices } from '../../openai/notice-headers.ts';
import type { Policy } from '../../openai/policy.ts';
import { decodeInputTokensRequest } from '../../openai/responses/decode-input-tokens.ts';
import { encodeTokenCount } from '../../openai/responses/encode-token-count.ts';
import { readReferences } from '../../openai/responses/read-references.ts';
import type { Middleware } from '../context.ts';
import { policyFor } from '../policy-for.ts';
import type { Recollect } from '../responses/recollect.ts';
import { withModel } from '../responses/with-model.ts';

export interface InputTokensOptions {
  readonly gateway: Gateway;
  readonly recollect: Recollect;
  readonly policy: Policy;
}

/** `POST /v1/responses/input_tokens` */
export function countInputTokens({ gateway, recollect, policy }: InputTokensOptions): Middleware {
  return async (ctx) => {
    // It may be missing altogether.
    const body = await withModel(ctx.request.body ?? {}, gateway, ctx.state.signal);
    const { recollection, unseal } = await recollect(readReferences(body));
    const { request, compatibility, partNames } = decodeInputTokensRequest(
      body,
      policyFor(ctx, policy),
      recollection,
      unseal,
    );
    ctx.state.record.noteNotices(compatibility, partNames);
    ctx.set(encodeNotices(compatibility, partNames));
    ctx.body = encodeTokenCount(await gateway.countTokens(request, ctx.state.signal));
  };
}
