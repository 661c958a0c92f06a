import type { Middleware } from '../requests/context.ts';

export interface StatusOptions {
  status(signal: AbortSignal): Promise<object>;
}

/** `GET /status`: what the gateway runs on. Whose account it is, it does not tell. */
export function status(options: StatusOptions): Middleware {
  return async (ctx) => {
    ctx.body = await options.status(ctx.state.signal);
  };
}
