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
  '408': { description: 'The request arrives too slowly.' },
  '409': {
    description:
      'The first call with this `Idempotency-Key` still runs, or the state of what the tool works with does not allow the call.',
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
  '431': { description: 'The headers are too large.' },
  '500': { description: 'The tool or the gateway fails.' },
  '502': { description: 'Another server refuses what the tool asks of it, or cannot be reached.' },
  '503': {
    description: 'The gateway stops, or its audit is busy.',
    headers: { 'Retry-After': retryAfter(false) },
  },
  '507': { description: 'The disk is full, so that the call cannot be written into the audit.' },
  '508': { description: "The request comes from the gateway's own Codex." },
};

/** Refusals that a request gets in the shape of `/v1` if its head was not read, so that its path is not known. */
const OF_HEADS = new Set(['408', '431']);

const ALWAYS = ['400', '401', '403', '405', '408', '417', '429', '431', '500', '503', '508'];
const OF_CALLS = ['404', '409', '413', '415', '422', '507'];

/** The shape of errors of a part of the API. */
export type ErrorShape = 'Problem' | 'ItaError';

const JSON_TYPE = 'application/json';

const CONTENT_TYPES: Readonly<Record<ErrorShape, string>> = {
  Problem: 'application/problem+json',
  ItaError: JSON_TYPE,
};

/** Header of every answer. */
export const REQUEST_ID_HEADER: JsonObject = {
  'X-Request-Id': { $ref: '#/components/headers/RequestId' },
};

/** Returns the refusals that a request can get; without a tool, a request that only reads about them. */
export function refusalsFor(shape: ErrorShape, tool?: AnyTool): JsonObject {
  const own = tool === undefined ? [] : refusalsOfCalls(tool);
  const place = (status: string) => `#/components/responses/${shape}${status}`;
  return Object.fromEntries([...ALWAYS, ...own].map((status) => [status, { $ref: place(status) }]));
}

function refusalsOfCalls({ gate, annotations }: AnyTool): string[] {
  return [...OF_CALLS, ...(gate ? ['412'] : []), ...(annotations.openWorldHint ? ['502'] : [])];
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
        content: contentFor(shape, status),
      },
    ]),
  );
}

function contentFor(shape: ErrorShape, status: string): JsonObject {
  const type = CONTENT_TYPES[shape];
  if (!OF_HEADS.has(status)) return contentOf(refToSchema(shape), type);
  const other = refToSchema(...(type === JSON_TYPE ? [shape] : []), 'ConnectionError');
  return { ...contentOf(refToSchema(shape), type), ...contentOf(other, JSON_TYPE) };
}

function retryAfter(required: boolean): JsonObject {
  return header('Seconds to wait.', { type: 'integer', minimum: 1 }, required);
}

function header(description: string, schema: JsonObject, required = true): JsonObject {
  return { description, schema, ...(required && { required }) };
}
