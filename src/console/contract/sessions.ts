import { z } from 'zod';

/** Answer of `GET /console/sessions`: what is needed to start a session. */
export const sessionSetupSchema = z.object({
  /** False if nobody has named a folder for sessions. */
  is_on: z.boolean(),
  /** Folders below which a session may work. */
  roots: z.array(z.string()),
  /** The roots and the folders directly in them, for a choice. */
  folders: z.array(z.string()),
  models: z.array(z.string()),
  /** Seconds after which a request that nobody has answered is declined. */
  approval_timeout: z.number(),
});

export type SessionSetup = z.output<typeof sessionSetupSchema>;

/** Data of the event `session`: a session that was made, or has changed. */
export const sessionChangeSchema = z.object({
  id: z.string(),
  title: z.string(),
  status: z.enum(['idle', 'queued', 'running', 'error']),
  workspace_root: z.string(),
  created_at: z.number(),
  updated_at: z.number(),
  /** Number of requests that wait for a decision. */
  pending: z.number(),
  /** The oldest of them, in a few words; null if none waits. */
  waiting: z.string().nullable(),
});

export type SessionChange = z.output<typeof sessionChangeSchema>;

/** Data of the event `session_event`: an event of the session that the page shows, as its own stream has it. */
export interface SessionEventFrame {
  readonly session: string;
  readonly event: { readonly type: string; readonly id: number };
}
