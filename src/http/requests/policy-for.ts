import type { Policy } from '../../openai/request/policy.ts';
import type { Context } from './context.ts';

/** The policy for one request, which may ask for more strictness than the set-up, not for less. */
export function policyFor<P extends Policy>(ctx: Context, policy: P): P {
  const asksStrict = ['1', 'true'].includes(ctx.get('x-codex-gateway-strict'));
  return { ...policy, strict: policy.strict || asksStrict };
}
