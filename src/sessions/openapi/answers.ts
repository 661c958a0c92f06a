import { z } from 'zod';
import { eventSchemas } from '../events/session-event.ts';
import { sessionSchema, shownEventSchema } from '../events/session-shape.ts';
import {
  approvalSchema,
  itemSchema,
  millisecondsSchema,
  sessionMessageSchema,
  sessionStatusSchema,
} from '../events/shapes.ts';

const ok = { ok: z.literal(true) };
const queued = { turn_id: z.string(), queue_position: z.int().min(0) };
const next = { next: z.string().nullable().describe('`after` of the next page.') };
const word = z.string();

const loadSchema = z.object({
  active_turns: z.int(),
  pending_turns: z.int(),
  max_concurrent_turns: z.int(),
  max_queued_turns: z.int(),
});

const configSchema = z.object({
  runtime_provider: word,
  auth_mode: word,
  provider_api_base_url: word,
  has_provider_api_key: z.boolean(),
  default_model: word,
  workspace_root: word,
});

const infoSchema = z.looseObject({
  ...ok,
  service: word,
  runtime_kind: word,
  sandbox_mode: word,
  workspace_root: word,
  runtime_config: configSchema,
  bridge_load: loadSchema,
  execution_class: z.enum(['native_tools', 'model_tools']),
  capabilities: z.record(z.string(), z.boolean()),
});

const loginSchema = z.looseObject({ logged_in: z.boolean(), auth_mode: word, message: word });

const summarySchema = z.object({
  id: word,
  thread_id: word.nullable(),
  status: sessionStatusSchema,
  title: word,
  workspace_root: word,
  created_at: millisecondsSchema,
  updated_at: millisecondsSchema,
  pending: z.int().min(0).describe('Number of requests that wait for a decision.'),
});

const threadSchema = z.object({
  id: word,
  title: word,
  workspace_root: word,
  provider: word,
  model: word.nullable(),
  created_at: millisecondsSchema,
  updated_at: millisecondsSchema,
});

const changedFileSchema = z.looseObject({
  path: word,
  change: word,
  binary: z.literal(true).optional(),
  too_large: z.literal(true).optional(),
});

/** Shapes that have a name in the description. */
export const NAMED_SCHEMAS: Readonly<Record<string, z.ZodType>> = {
  Session: sessionSchema,
  SessionSummary: summarySchema,
  Message: sessionMessageSchema,
  Approval: approvalSchema,
  Item: itemSchema,
  ShownEvent: shownEventSchema,
  BridgeLoad: loadSchema,
  RuntimeConfig: configSchema,
  Error: z.object({ ok: z.literal(false), error: z.string() }),
  CheckError: z.object({
    error: z.object({
      message: z.string(),
      type: z.string(),
      param: z.string().nullable(),
      code: z.string().nullable(),
    }),
  }),
  ...Object.fromEntries(Object.entries(eventSchemas).map(([type, schema]) => [`event.${type}`, schema])),
};

const sessionAnswer = z.object({ ...ok, session: sessionSchema });

/** Schemas of the answers, by what they are about. */
export const ANSWERS = {
  session: sessionAnswer,
  message: sessionAnswer.extend({
    ...queued,
    message_id: word.nullable(),
    queued: z.boolean(),
    bridge_load: loadSchema,
  }),
  steered: sessionAnswer.extend({ turn_id: word, message_id: word.nullable() }),
  turn: sessionAnswer.extend(queued),
  undone: sessionAnswer.extend({ turn_ids: z.array(word), files: z.array(word) }),
  sessions: z.object({ ...ok, sessions: z.array(summarySchema), ...next }),
  messages: z.object({
    ...ok,
    messages: z.array(sessionMessageSchema),
    next: z.string().nullable().describe('`before` of the page with older messages.'),
  }),
  threads: z.object({ ...ok, threads: z.array(threadSchema), ...next }),
  plan: z.object({
    ...ok,
    plan: z.looseObject({ explanation: word.nullable(), steps: z.array(z.unknown()) }).nullable(),
  }),
  diff: z.object({ ...ok, turn_id: word.nullable(), diff: word, files: z.array(changedFileSchema) }),
  info: infoSchema,
  config: z.looseObject({ ...ok, service: word, config: configSchema }),
  login: loginSchema.extend(ok),
  device: z.looseObject({
    ...ok,
    auth_mode: word,
    verification_url: word.optional(),
    user_code: word.optional(),
  }),
  health: infoSchema.extend({ auth_state: word, has_api_key: z.boolean(), login_status: loginSchema }),
  description: z.looseObject({ openapi: z.literal('3.1.0') }),
} as const;

/** Schema of the data of a snapshot. */
export const SNAPSHOT = z.object({ session: sessionSchema });
