import type { JsonObject } from '../../base/json.ts';
import { contentOf, refToSchema } from '../../base/openapi.ts';
import type { AnyTool } from '../tool.ts';

/** Refusals by status, with the headers that they have. */
const REFUSALS: Readonly<Record<string, { readonly description: string; readonly headers?: JsonObject }>> = {
  '400': { description: 'The request is malformed, or a field is wrong or does not exist.' },
  '401': {
    description: 'The token is missing, wrong, revoked or expired.',
    headers: { 'WWW-Authenticate': header('The scheme of the token.', { type: 'string' }) },
  },
  '403': {
    description:
      'The token lacks the scope `tools`, the request comes from a foreign page or for another host, or the configuration does not allow the value; the detail lists those that it does.',
  },
  '404': { description: 'The tool is off, or what the body names does not exist.' },
  '405': {
    description: 'The path does not have this method.',
    headers: { Allow: header('The methods that the path has.', { type: 'string' }) },
  },
  '409': {
    description: 'The first call with this `Idempotency-Key` still runs.',
    headers: { 'Retry-After': retryAfter(false) },
  },
  '412': { description: 'The call would change something, and is not confirmed.' },
  '413': { description: 'The body is too large.' },
  '415': { description: 'The compression or charset of the body is not supported.' },
  '417': { description: 'The only `Expect` header supported is `100-continue`.' },
  '422': { description: 'The `Idempotency-Key` was used for a call with other arguments.' },
  '429': {
    description: 'The token makes too many calls.',
    headers: { 'Retry-After': retryAfter(true) },
  },
  '500': { description: 'The tool or the gateway fails.' },
  '502': { description: 'Another server refuses what the tool asks of it, or cannot be reached.' },
  '503': {
    description: 'The gateway stops, or its audit is busy.',
    headers: { 'Retry-After': retryAfter(false) },
  },
  '507': { description: 'The disk is full, so that the call cannot be written into the audit.' },
  '508': { description: "The request comes from the gateway's own Codex." },
};

/** Refusals of requests that are not readable as HTTP, which have the shape of `/v1` everywhere. */
const UNREADABLE: Readonly<Record<string, string>> = {
  '408': 'The request arrives too slowly.',
  '431': 'The headers are too large.',
};

const ALWAYS = ['400', '401', '403', '405', '417', '429', '500', '503', '508'];
const OF_CALLS = ['404', '409', '413', '415', '422', '507'];

/** The shape of errors of a part of the API. */
export type ErrorShape = 'Problem' | 'ItaError';

const CONTENT_TYPES: Readonly<Record<ErrorShape, string>> = {
  Problem: 'application/problem+json',
  ItaError: 'application/json',
};

/** Header of every answer. */
export const REQUEST_ID_HEADER: JsonObject = {
  'X-Request-Id': { $ref: '#/components/headers/RequestId' },
};

/** Returns the refusals that a request can get; without a tool, a request that only reads about them. */
export function refusalsFor(shape: ErrorShape, tool?: AnyTool): JsonObject {
  const own = tool === undefined ? [] : refusalsOfCalls(tool);
  const refusals = [...ALWAYS, ...own].map((status) => [status, placeOf(`${shape}${status}`)]);
  const unreadable = Object.keys(UNREADABLE).map((status) => [status, placeOf(`Unreadable${status}`)]);
  return Object.fromEntries([...refusals, ...unreadable]);
}

function refusalsOfCalls({ gate, annotations }: AnyTool): string[] {
  return [...OF_CALLS, ...(gate ? ['412'] : []), ...(annotations.openWorldHint ? ['502'] : [])];
}

function placeOf(name: string): JsonObject {
  return { $ref: `#/components/responses/${name}` };
}

/** Returns the answers to which `refusalsFor` refers, as far as they are used. */
export function describeRefusals(shape: ErrorShape, used: ReadonlySet<string>): JsonObject {
  const known = Object.entries(REFUSALS).filter(([status]) => used.has(status));
  return Object.fromEntries(
    known.map(([status, { description, headers }]) => [
      `${shape}${status}`,
      {
        description,
        headers: { ...REQUEST_ID_HEADER, ...headers },
        content: contentOf(refToSchema(shape), CONTENT_TYPES[shape]),
      },
    ]),
  );
}

/** Returns the answers to requests that are not readable as HTTP. */
export function describeUnreadable(): JsonObject {
  return Object.fromEntries(
    Object.entries(UNREADABLE).map(([status, description]) => [
      `Unreadable${status}`,
      { description, headers: REQUEST_ID_HEADER, content: contentOf(refToSchema('ConnectionError')) },
    ]),
  );
}

function retryAfter(required: boolean): JsonObject {
  return header('Seconds to wait.', { type: 'integer', minimum: 1 }, required);
}

function header(description: string, schema: JsonObject, required = true): JsonObject {
  return { description, schema, ...(required && { required }) };
}
