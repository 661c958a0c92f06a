import { encodeError } from '../../openai/vocabulary/error-body.ts';
import type { CopilotAdapter } from '../../upstream/copilot/adapter.ts';
import { sendBytes } from '../edge/send-bytes.ts';
import type { Middleware } from '../requests/context.ts';
import type { RouteGroup } from '../routing/route-group.ts';

export interface CopilotRoutesOptions {
  readonly copilot: CopilotAdapter;
}

/** Creates the routes of the Copilot adapter. */
export function createCopilotRoutes({ copilot }: CopilotRoutesOptions): RouteGroup {
  return {
    name: 'copilot',
    resolve: (path) => (path.startsWith('/copilot/') ? { path } : undefined),
    encodeError,
    routes: [{ method: 'post', path: '/copilot/v1/responses', body: 'raw', handlers: [respond(copilot)] }],
  };
}

function respond(copilot: CopilotAdapter): Middleware {
  return async (ctx) => {
    const { rawBody } = ctx.request;
    const body = Buffer.concat(rawBody?.blocks ?? []);
    const answer = await copilot.respond({ headers: ctx.headers, body }, ctx.state.signal);
    ctx.respond = false;
    await sendBytes(ctx.res, answer, ctx.state.signal);
  };
}
