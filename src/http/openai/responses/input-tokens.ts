import { isJsonObject } from '../../../base/json.ts';
import { runInSlices } from '../../../base/async/steps.ts';
import type { Gateway } from '../../../gateway/gateway.ts';
import { defaultModel, type ModelDirectory } from '../../../gateway/models/model-directory.ts';
import type { Policy } from '../../../openai/request/policy.ts';
import { decodeInputTokensRequest } from '../../../openai/responses/request/decode-input-tokens.ts';
import { encodeTokenCount } from '../../../openai/responses/response/encode-usage.ts';
import { readReferences } from '../../../openai/items/read-references.ts';
import type { Middleware } from '../../requests/context.ts';
import { announceNotices, policyFor } from '../request/headers.ts';
import type { ResolveReferences } from '../request/references.ts';

export interface InputTokensOptions {
  readonly gateway: Pick<Gateway, 'countTokens'>;
  readonly models: Pick<ModelDirectory, 'list'>;
  readonly resolveReferences: ResolveReferences;
  readonly policy: Policy;
}

/** Answers `POST /v1/responses/input_tokens`. */
export function countInputTokens({
  gateway,
  models,
  resolveReferences,
  policy,
}: InputTokensOptions): Middleware {
  return async (ctx) => {
    const { signal } = ctx.state;
    // The body or its model may be missing; the tokens are then counted for the default model.
    const body: unknown = ctx.request.body ?? {};
    const requestPolicy = policyFor(ctx, policy);
    const isNamed = isJsonObject(body) && (body.model ?? null) !== null;
    const model = isNamed
      ? undefined
      : (requestPolicy.defaultModel ?? defaultModel(await models.list(signal)));
    const { references, unseal } = await resolveReferences(readReferences(body));
    const decoding = decodeInputTokensRequest(
      body,
      { ...requestPolicy, defaultModel: model },
      references,
      unseal,
    );
    const { request, ...notices } = await runInSlices(decoding, signal);
    announceNotices(ctx, notices);
    ctx.body = encodeTokenCount(await gateway.countTokens(request, signal));
  };
}
