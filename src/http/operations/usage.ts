import type { Middleware } from '../requests/context.ts';

export interface UsageOptions {
  usage(signal: AbortSignal): Promise<object>;
}

/** `GET /v1/usage`: the account, its limits as last told, and tokens by model. */
export function usage(options: UsageOptions): Middleware {
  return async (ctx) => {
    ctx.body = await options.usage(ctx.state.signal);
  };
}
