import type { TrialAsker } from '../../console/clients/clients-service.ts';
import type { ConsoleService } from '../../console/console-service.ts';
import { clientsQuerySchema, trialRequestSchema } from '../../console/contract/clients.ts';
import type { Context, Middleware } from '../requests/context.ts';
import type { Route } from '../routing/route-group.ts';
import { parseBodyBy, parseQueryBy } from './parse-body-by.ts';

/** Creates the routes of the page that sets up a client. */
export function clientRoutes(open: () => Promise<ConsoleService>): Route[] {
  const list: Middleware = async (ctx) => {
    const query = parseQueryBy(clientsQuerySchema, ctx);
    ctx.body = await (await open()).clients.list(query, ctx.state.signal);
  };
  const sendTrial: Middleware = async (ctx) => {
    const request = parseBodyBy(trialRequestSchema, ctx);
    ctx.body = await (await open()).clients.try(request, askerOf(ctx));
  };
  return [
    { method: 'get', path: '/console/clients', handlers: [list] },
    { method: 'post', path: '/console/clients/trial', body: 'parsed', handlers: [sendTrial] },
  ];
}

/** Headers by which the gateway lets a request in. */
const ADMITTING = [
  'authorization',
  'api-key',
  'x-api-key',
  'cookie',
  'origin',
  'sec-fetch-site',
  'x-codex-gateway-console',
];

function askerOf(ctx: Context): TrialAsker {
  const { localAddress = '', localPort = 0 } = ctx.req.socket;
  const headers = ADMITTING.map((name) => [name, ctx.get(name)]).filter(([, value]) => value !== '');
  return {
    own: { address: localAddress, port: localPort },
    headers: Object.fromEntries(headers),
    host: ctx.get('host'),
    signal: ctx.state.signal,
  };
}
