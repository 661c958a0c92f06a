import { didYouMean } from '../../base/closest.ts';
import { GatewayError } from '../../base/errors.ts';
import { excerpt } from '../../base/excerpt.ts';
import { isJsonObject, type JsonObject } from '../../base/json.ts';
import { itaTools, type ItaTool } from '../../tools/ita/ita-tools.ts';
import type { ToolService } from '../../tools/tool-service.ts';
import type { Context, Middleware, RequestState } from '../requests/context.ts';
import type { Route, RouteGroup } from '../routing/route-group.ts';
import { callTool } from './call-tool.ts';
import { encodeToolError } from './encode-problem.ts';
import { resolveBelow } from './resolve-below.ts';
import { catalogRoute } from './catalog-route.ts';

const PREFIX = '/tools/ita';

/** Creates the routes of the Internal Tools API, for its clients: the same tools in the shapes that they know. */
export function createItaRoutes(service: ToolService): RouteGroup {
  const tools = itaTools(service.tools);
  return {
    name: 'ita',
    scope: 'tools',
    resolve: (path) => resolveBelow(PREFIX, path),
    encodeError: encodeItaError,
    encodesEarlyErrors: true,
    takesRequestId: true,
    tokenHeaders: 'x-api-key',
    around: checkHeaders,
    explainMissing: (path) => service.explainMissing(path.slice(PREFIX.length)),
    listedBy: `GET ${PREFIX}/catalog/tools lists the tools and their paths.`,
    routes: [
      healthRoute,
      catalogRoute(`${PREFIX}/catalog/tools`, () =>
        tools.map(({ tool, body, answer }) => ({
          tool: { ...tool, input: body, output: answer },
          path: `${PREFIX}${tool.path}`,
        })),
      ),
      ...tools.map((tool) => itaRoute(tool, service)),
    ],
  };
}

const healthRoute: Route = {
  method: 'get',
  path: `${PREFIX}/healthz`,
  handlers: [
    (ctx) => {
      ctx.body = { status: 'ok', timestamp: new Date().toISOString() };
    },
  ],
};

function itaRoute(itaTool: ItaTool, service: ToolService): Route {
  const { tool, parameters, encodeAnswer } = itaTool;
  const call: Middleware = async (ctx) => {
    const { query, fault } = readQuery(ctx, parameters);
    const { body } = ctx.request;
    const fields = isJsonObject(body) ? { ...body, ...query } : body;
    const misplaced = isJsonObject(body) ? parameters.find((name) => Object.hasOwn(body, name)) : undefined;
    const output = await callTool(ctx, service, {
      tool,
      arguments: fields,
      fault: misplaced === undefined ? fault : notInBody(misplaced),
    });
    ctx.body = encodeAnswer(output);
  };
  return { method: 'post', path: `${PREFIX}${tool.path}`, body: 'parsed-of-any-type', handlers: [call] };
}

/** The spellings of a boolean in a query. */
const BOOLEANS: Readonly<Record<string, boolean>> = {
  true: true,
  '1': true,
  yes: true,
  on: true,
  false: false,
  '0': false,
  no: false,
  off: false,
};

function readQuery(
  ctx: Context,
  names: readonly string[],
): { readonly query: JsonObject; readonly fault?: GatewayError } {
  const query: Record<string, boolean> = {};
  for (const name of names) {
    const given = ctx.query[name];
    if (given === undefined) continue;
    const word = typeof given === 'string' ? given.toLowerCase() : '';
    if (!Object.hasOwn(BOOLEANS, word)) return { query, fault: notBoolean(name) };
    query[name] = BOOLEANS[word]!;
  }
  const unknown = Object.keys(ctx.query).find((name) => !names.includes(name));
  return unknown === undefined ? { query } : { query, fault: unknownQuery(unknown, names) };
}

/** Returns the error for a parameter that does not exist: `?confirn=true` must not be taken for a confirmation that was given. */
function unknownQuery(name: string, names: readonly string[]): GatewayError {
  const hint = didYouMean(name, names) || (names.length > 0 ? '' : ' All arguments are fields of the body.');
  return new GatewayError('unknown_parameter', `There is no query parameter '${excerpt(name)}'.${hint}`);
}

function notBoolean(name: string): GatewayError {
  return new GatewayError('invalid_value', `The query parameter '${name}' is either true or false.`);
}

function notInBody(name: string): GatewayError {
  return new GatewayError('unknown_parameter', `'${name}' is a query parameter, not a field of the body.`);
}

const MISSING_ID = 'X-Request-Id header is required for traceability';
const MISSING_KEY = 'Missing X-API-Key header';
const WRONG_KEY = 'Invalid API key';

/** Checks the headers in the order in which clients of the API know their errors. */
const checkHeaders: Middleware = async (ctx, next) => {
  if (ctx.get('x-request-id') === '') throw new GatewayError('missing_parameter', MISSING_ID);
  if (!ctx.state.isOpen && ctx.get('x-api-key') === '')
    throw new GatewayError('invalid_api_key', MISSING_KEY);
  await next();
};

/** Encodes an error as `{detail}`. */
const encodeItaError: RequestState['encodeError'] = (error) => {
  const { status, headers, body } = encodeToolError(error);
  const { message } = body.error;
  const isKey = error instanceof GatewayError && error.code === 'invalid_api_key';
  return { status, headers, body: { detail: isKey && message !== MISSING_KEY ? WRONG_KEY : message } };
};
