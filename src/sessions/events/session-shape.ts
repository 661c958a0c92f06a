import { z } from 'zod';
import { EVENT_TYPES } from './session-event.ts';
import { approvalSchema, millisecondsSchema, sessionMessageSchema, sessionStatusSchema } from './shapes.ts';

/** Schema of an event in a session. */
export const shownEventSchema = z
  .looseObject({
    type: z.enum(EVENT_TYPES),
    id: z.int().min(0),
    created_at: millisecondsSchema,
    received_at: millisecondsSchema,
    preview: z.string().optional(),
    text: z.string().optional(),
  })
  .readonly();

/** Schema of a session as clients see it. */
export const sessionSchema = z
  .object({
    id: z.string(),
    thread_id: z.string().nullable(),
    status: sessionStatusSchema,
    mode: z.enum(['workspace', 'entity']),
    title: z.string(),
    context: z.record(z.string(), z.unknown()).readonly(),
    messages: z.array(sessionMessageSchema).readonly(),
    events: z
      .array(shownEventSchema)
      .readonly()
      .describe('The last 40 events; of pieces in a row, the last one.'),
    last_event_id: z
      .int()
      .min(0)
      .describe('With it as `Last-Event-ID`, the stream of events begins after this state.'),
    running: z.boolean(),
    pending_approval: approvalSchema.nullable().describe('The first of `pending_approvals`.'),
    pending_approvals: z.array(approvalSchema).readonly(),
    last_error: z.string().nullable(),
    assistant_draft: z.string().describe('Text of the running turn, at most its last 256 kB.'),
    assistant_draft_left_out: z.int().min(0).describe('Bytes before it that are left out.'),
    queue_position: z.int().min(0).describe('1 for the next turn to start; 0 if none waits.'),
    workspace_root: z.string(),
    review: z.enum(['edits', 'commands', 'none']),
    sandbox: z.enum(['workspace-write', 'read-only']),
    tools: z.boolean().describe("True if the agent has the gateway's internal tools."),
    model: z.string().nullable(),
    runtime_provider: z.string(),
    auth_mode: z.string(),
    provider_api_base_url: z.string(),
    created_at: millisecondsSchema,
    updated_at: millisecondsSchema,
  })
  .readonly();

/** A session as clients see it. */
export type SessionBody = z.infer<typeof sessionSchema>;
