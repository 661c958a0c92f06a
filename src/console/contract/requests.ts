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
  /** The model that has answered, or would. */
  model: z.string().nullable(),
  /** The model that the caller has named, in its words. */
  asked_model: z.string().nullable(),
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

/** A body, or the beginning of a long one. */
const bodySchema = z.object({ text: z.string(), is_cut: z.boolean() });

/** Answer of `GET /console/requests/:number`. */
export const requestDetailSchema = requestRowSchema.extend({
  /** Pattern of the path that has answered it. */
  route: z.string().nullable(),
  /** Address of a client on another machine. */
  address: z.string().nullable(),
  stream: z.boolean().nullable(),
  background: z.boolean(),
  /** Id of the response. */
  response: z.string().nullable(),
  effort: z.string().nullable(),
  /** True if Codex had most of the conversation from an earlier request. */
  continued: z.boolean(),
  /** Paths of fields that had no effect, and of those whose effect was adjusted. */
  ignored: z.array(z.string()),
  adjusted: z.array(z.string()),
  /** The reason why it has not succeeded; null if it has, or still runs. */
  error: z
    .object({
      code: z.string(),
      /** In words, without quotations from the request. */
      message: z.string(),
      /** Path of the wrong field. */
      param: z.string().nullable(),
      /** True for a fault of the gateway. */
      is_own: z.boolean(),
      /** Advice to the person who runs the gateway. Words in backticks are code. */
      remedy: z.string().nullable(),
      facts: z.array(z.object({ name: z.string(), value: z.string() })),
    })
    .nullable(),
  steps: z.array(
    z.object({
      /** Milliseconds since the request began. */
      ms: z.number(),
      kind: z.string(),
      /** In words. */
      text: z.string(),
    }),
  ),
  /** Null unless `requestLog.bodies` is on and they are still held. */
  bodies: z.object({ request: bodySchema, answer: bodySchema }).nullable(),
});

export type RequestDetail = z.output<typeof requestDetailSchema>;

/** Query of `GET /console/requests`. */
export const requestQuerySchema = z.strictObject({
  /** Shows requests before the one with this number. */
  before: z.coerce.number().int().min(0).optional(),
  limit: z.coerce.number().int().min(1).max(10_000).default(100),
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
  /** Number of the latest request, whether it matches or not; -1 before the first. */
  newest: z.number(),
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
  /** Number of the latest request. New ones up to it that are not here are left out, since there were too many. */
  readonly newest: number;
}
