import type { Gateway } from '../../../gateway/gateway.ts';
import type { Adjustment } from '../../../conversation/turn-event.ts';
import type { Notices } from '../../../openai/request/compatibility.ts';
import { encodeNotices, type ParamNames } from '../../../openai/request/notice-headers.ts';
import type { Policy } from '../../../openai/request/policy.ts';
import { encodeLimits } from '../../../openai/vocabulary/limit-headers.ts';
import { modelOf } from './choose-backend.ts';
import type { Context, Middleware } from '../../requests/context.ts';

/** Fields that were ignored or adjusted in a decoded request. */
export interface RequestNotices {
  readonly compatibility: Notices;
  /** Names that the caller's body has for the parts of the turn request. */
  readonly paramNames: ParamNames;
}

/** Returns the policy for one request: its header may ask for more strictness than the settings, but not for less. */
export function policyFor<P extends Policy>(ctx: Context, policy: P): P {
  const asksStrict = ['1', 'true'].includes(ctx.get('x-codex-gateway-strict'));
  return { ...policy, strict: policy.strict || asksStrict };
}

/** Reports what was ignored or adjusted in the response headers and in the log. Errors have these headers, too. */
export function announceNotices(ctx: Context, notices: RequestNotices): void {
  ctx.state.record.noteNotices(notices.compatibility, notices.paramNames);
  ctx.set(noticeHeaders(notices));
}

/** Returns the headers for the notices of a request, and for adjustments that became known while it was answered. */
export function noticeHeaders(
  { compatibility: { ignored, adjustments }, paramNames }: RequestNotices,
  laterAdjustments: readonly Adjustment[] = [],
): Record<string, string> {
  return encodeNotices({ ignored, adjustments: [...adjustments, ...laterAdjustments] }, paramNames);
}

/** Returns the headers for the limits of the account that the model of a request counts against. */
export function limitHeaders({ limits }: Pick<Gateway, 'limits'>, ctx: Context): Record<string, string> {
  return encodeLimits(limits(modelOf(ctx.request.body)));
}

/** Adds the limits of the account to the headers of errors; successful answers add them when they begin. */
export function addLimitsToErrors(gateway: Pick<Gateway, 'limits'>): Middleware {
  return async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      ctx.set(limitHeaders(gateway, ctx));
      throw error;
    }
  };
}
