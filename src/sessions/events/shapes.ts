import { z } from 'zod';

// Shapes that clients see in sessions and in their events.

const milliseconds = z.int().min(0).describe('Unix milliseconds.');

const attachmentSchema = z
  .object({ name: z.string(), mime_type: z.string(), data_url: z.string() })
  .readonly();

export const sessionMessageSchema = z
  .object({
    id: z.string(),
    role: z.enum(['user', 'assistant']),
    text: z.string(),
    attachments: z.array(attachmentSchema).readonly().optional(),
    turn_id: z.string().nullable(),
    created_at: milliseconds,
  })
  .readonly();

export const approvalSchema = z
  .object({
    request_id: z.string(),
    method: z.string().describe("The app-server's method."),
    kind: z.enum(['edit', 'command', 'question', 'permission', 'tool']),
    title: z.string(),
    description: z.string(),
    preview: z.string(),
    payload: z.record(z.string(), z.unknown()).readonly().describe("The app-server's parameters."),
    turn_id: z.string(),
    created_at: milliseconds,
    expires_at: milliseconds.describe('Unix milliseconds, at which it is declined.'),
    diff: z.string().optional().describe('Unified diff of an edit, with paths relative to the workspace.'),
    command: z.string().optional().describe('Command line of a command.'),
    unsandboxed: z
      .literal(true)
      .optional()
      .describe('Set for what would leave the sandbox; the description says what it could do.'),
    once: z.literal(true).optional().describe('Set for what cannot be allowed for the session.'),
  })
  .readonly();

export const planStepSchema = z
  .object({ step: z.string(), status: z.enum(['pending', 'inProgress', 'completed']) })
  .readonly();

export const itemSchema = z
  .looseObject({ id: z.string(), type: z.string() })
  .readonly()
  .describe("An item of the thread in the app-server's own form, with long output shortened.");

export const skippedPathSchema = z.object({ path: z.string(), reason: z.string() }).readonly();

export const sessionStatusSchema = z.enum(['idle', 'queued', 'running', 'error']);

export { milliseconds as millisecondsSchema };

/** A message of a session, as clients see it. */
export type SessionMessage = z.infer<typeof sessionMessageSchema>;

/** A file that comes along with a message, as clients send it and see it. */
export type MessageAttachment = z.infer<typeof attachmentSchema>;

/** A request that waits for a decision, as clients see it. */
export type Approval = z.infer<typeof approvalSchema>;

export type SessionStatus = z.infer<typeof sessionStatusSchema>;
