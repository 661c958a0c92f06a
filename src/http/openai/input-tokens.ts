import { isJsonObject } from '../../base/json.ts';
import { runInSlices } from '../../base/async/steps.ts';
import { defaultModel } from '../../gateway/models/default-model.ts';
import type { Gateway } from '../../gateway/gateway.ts';
import type { ModelDirectory } from '../../gateway/models/model-directory.ts';
import { encodeNotices } from '../../openai/request/notice-headers.ts';
import type { Policy } from '../../openai/request/policy.ts';
import { decodeInputTokensRequest } from '../../openai/responses/request/decode-input-tokens.ts';
import { encodeTokenCount } from '../../openai/responses/response/encode-token-count.ts';
import { readReferences } from '../../openai/items/read-references.ts';
import type { Middleware } from '../requests/context.ts';
import { policyFor } from '../requests/policy-for.ts';
import type { Recollect } from './recollect.ts';

export interface InputTokensOptions {
  readonly gateway: Gateway;
  readonly models: ModelDirectory;
  readonly recollect: Recollect;
  readonly policy: Policy;
}

/** `POST /v1/responses/input_tokens` */
export function countInputTokens({ gateway, models, recollect, policy }: InputTokensOptions): Middleware {
  return async (ctx) => {
    const { signal } = ctx.state;
    // The body may be missing altogether, and its model too: a count is made for the default one.
    const body: unknown = ctx.request.body ?? {};
    const asked = policyFor(ctx, policy);
    const isNamed = isJsonObject(body) && (body.model ?? null) !== null;
    const model = isNamed ? undefined : (asked.defaultModel ?? defaultModel(await models.list(signal)));
    const { recollection, unseal } = await recollect(readReferences(body));
    const decoding = decodeInputTokensRequest(body, { ...asked, defaultModel: model }, recollection, unseal);
    const { request, compatibility, partNames } = await runInSlices(decoding, signal);
    ctx.state.record.noteNotices(compatibility, partNames);
    ctx.set(encodeNotices(compatibility, partNames));
    ctx.body = encodeTokenCount(await gateway.countTokens(request, signal));
  };
}
