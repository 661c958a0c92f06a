import { z } from 'zod';

/** Tokens of a request. */
const tokensSchema = z.object({
  input: z.number(),
  /** Part of the input that the provider had cached. */
  cached: z.number(),
  output: z.number(),
  /** Part of the output that was reasoning. */
  reasoning: z.number(),
  /** True if the provider has reported none, and the gateway has counted. */
  estimated: z.boolean(),
});

/** A request in the list. */
export const requestRowSchema = z.object({
  /** Number in the order of arrival, by which it is asked for. */
  number: z.number(),
  id: z.string(),
  /** Unix milliseconds of its arrival. */
  time: z.number(),
  /** `WS` for a response on a WebSocket; '' for a request that could not be read. */
  method: z.string(),
  path: z.string(),
  model: z.string().nullable(),
  /** Name of the token; null without one. */
  key: z.string().nullable(),
  /** Name of the client's program. */
  client: z.string().nullable(),
  is_running: z.boolean(),
  /** HTTP status; null while it runs, and on a WebSocket. */
  status: z.number().nullable(),
  /** `ok`, `client_gone` or the code of an error; null while it runs. */
  outcome: z.string().nullable(),
  /** Milliseconds until the first output. */
  first_ms: z.number().nullable(),
  /** Milliseconds until the end. */
  total_ms: z.number().nullable(),
  tokens: tokensSchema.nullable(),
});

export type RequestRow = z.output<typeof requestRowSchema>;

/** Query of `GET /console/requests`. */
export const requestQuerySchema = z.strictObject({
  /** Shows requests before the one with this number. */
  before: z.coerce.number().int().min(0).optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  /** Words that all occur in the request: path, model, key, client, code or id. */
  search: z.string().max(200).default(''),
  show: z.enum(['all', 'running', 'failed', 'ok']).default('all'),
  model: z.string().max(200).optional(),
  key: z.string().max(200).optional(),
});

export type RequestQuery = z.output<typeof requestQuerySchema>;

/** Answer of `GET /console/requests`. */
export const requestPageSchema = z.object({
  /** The latest first. */
  requests: z.array(requestRowSchema),
  /** Number of requests that match. */
  matching: z.number(),
  /** Number of requests that are held. */
  held: z.number(),
  /** Maximum number of requests that are held. */
  count: z.number(),
  /** Models and keys that occur. */
  models: z.array(z.string()),
  keys: z.array(z.string()),
  /** True if bodies are held, too. */
  keeps_bodies: z.boolean(),
});

export type RequestPage = z.output<typeof requestPageSchema>;

/** Data of the event `request`. */
export interface RequestEvent {
  readonly requests: readonly RequestRow[];
  /** Number of new requests that are not shown, since there were too many. */
  readonly left_out: number;
}
