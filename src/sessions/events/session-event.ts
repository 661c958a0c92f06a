import { z } from 'zod';
import {
  approvalSchema,
  itemSchema,
  sessionMessageSchema,
  millisecondsSchema,
  planStepSchema,
  skippedPathSchema,
  sessionStatusSchema,
} from './shapes.ts';

const turn = { turn_id: z.string() };
const delta = { ...turn, item_id: z.string(), delta: z.string() };
const optionalTurn = { turn_id: z.string().optional() };
const cutText = z.int().min(0).describe('Bytes that were left out.');

/** Fields of each type of event, beside its type, id and time. */
const FIELDS = {
  'thread.started': { thread_id: z.string() },
  'turn.started': turn,
  'item.started': { ...turn, item: itemSchema },
  'item.completed': { ...turn, item: itemSchema },
  'item.agent_message.delta': delta,
  'item.reasoning.delta': delta,
  'command.execution.output': {
    ...delta,
    left_out: cutText.describe('Bytes of the output that were left out just before this piece of it.'),
  },
  'turn.plan.updated': {
    ...turn,
    explanation: z.string().nullable(),
    plan: z.array(planStepSchema).readonly(),
  },
  'turn.diff.updated': {
    ...turn,
    diff: z.string().describe('Unified diff of all patches of the turn so far.'),
    left_out: cutText.optional(),
  },
  'token_usage.updated': { ...turn, usage: z.record(z.string(), z.unknown()).readonly() },
  'approval.requested': { ...turn, approval: approvalSchema },
  'approval.responded': {
    ...turn,
    request_id: z.string(),
    decision: z.enum(['allow', 'allow_session', 'deny', 'cancel']),
    by: z
      .enum(['client', 'timeout', 'gateway', 'session', 'turn'])
      .describe(
        'A client, the time limit, a rule of the gateway, an earlier `allow_session`, or the end of the turn.',
      ),
    reason: z.string().optional().describe('A sentence that says why it was declined.'),
    approval: approvalSchema.optional().describe('The request, if it was decided without asking.'),
  },
  'turn.completed': {
    ...turn,
    status: z.enum(['completed', 'interrupted', 'failed']),
    error: z.string().optional(),
    undo_skipped: z
      .array(skippedPathSchema)
      .readonly()
      .optional()
      .describe('Paths that a limit left out, so that the turn can be undone only without them.'),
    undo_skipped_left_out: z.int().min(0).optional().describe('Number of further paths.'),
  },
  'turn.undone': {
    ...turn,
    turns: z.array(z.string()).readonly().optional().describe('All turns that were undone with it.'),
    files: z.array(z.string()).readonly().describe('Paths that were put back, relative to the workspace.'),
  },
  'message.added': { ...optionalTurn, message: sessionMessageSchema },
  'session.updated': {
    ...optionalTurn,
    status: sessionStatusSchema,
    queue_position: z.int().min(0).describe('1 for the next turn to start; 0 if none waits.'),
    last_error: z.string().nullable(),
  },
  resync: {
    reason: z
      .enum(['events_gone', 'too_slow', 'unknown_id'])
      .describe(
        'Why events are missing: those before the next one are no longer kept; the client reads too slowly, so that ' +
          'the stream ends and can be taken up again by this id; the id in `Last-Event-ID` is not one of this session.',
      ),
  },
} as const satisfies Readonly<Record<string, z.core.$ZodLooseShape>>;

export type EventType = keyof typeof FIELDS;

/** The types of events. The stream of small events sends each under its type. */
export const EVENT_TYPES = Object.keys(FIELDS) as readonly EventType[];

function envelope<const T extends EventType>(type: T) {
  return z
    .object({
      type: z.literal(type),
      id: z.int().min(0).describe('Rises within a session, also over restarts.'),
      created_at: millisecondsSchema,
      ...FIELDS[type],
    })
    .readonly();
}

type EventSchemas = { readonly [T in EventType]: ReturnType<typeof envelope<T>> };

/** The schema of each type of event. */
export const eventSchemas = Object.fromEntries(
  EVENT_TYPES.map((type) => [type, envelope(type)]),
) as unknown as EventSchemas;

/** An event as clients see it. */
export type SessionEvent = { readonly [T in EventType]: z.infer<EventSchemas[T]> }[EventType];

/** Fields that an event of this type, or of one of these types, has of its own. */
export type SessionEventFields<T extends EventType> = T extends EventType
  ? Omit<Extract<SessionEvent, { readonly type: T }>, 'type' | 'id' | 'created_at'>
  : never;

/** An event before it has its number. */
export type SessionEventDraft = {
  readonly [T in EventType]: { readonly type: T; readonly fields: SessionEventFields<T> };
}[EventType];
