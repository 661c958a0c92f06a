import { z } from 'zod';

/** Answer of `GET /console/tools`. */
export const consoleToolsSchema = z.object({
  tools: z.array(
    z.object({
      name: z.string(),
      title: z.string(),
      description: z.string(),
      /** The path of its route, without a slash at the beginning. */
      path: z.string(),
      /** JSON Schema of its arguments. */
      input: z.record(z.string(), z.unknown()),
      /** True if it shows what it would do unless `dry_run` is false. */
      has_dry_run: z.boolean(),
      is_read_only: z.boolean(),
      /** Arguments to begin with; null without an example. */
      example: z.record(z.string(), z.unknown()).nullable(),
    }),
  ),
  /** Tools that are off, each with a sentence that says what switches it on. */
  off: z.array(z.object({ name: z.string(), how: z.string() })),
});

/** Query of `GET /console/audit`. */
export const auditQuerySchema = z.strictObject({
  tool: z.string().max(200).optional(),
  /** Name of a key. */
  key: z.string().max(200).optional(),
  assistant: z.enum(['codex', 'copilot', 'script']).optional(),
  show: z.enum(['all', 'ok', 'failed', 'changes']).default('all'),
  /** Unix milliseconds. */
  since: z.coerce.number().int().min(0).default(0),
  /** Shows calls before the one with this number. */
  before: z.coerce.number().int().min(0).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
});

/** Answer of `GET /console/audit`. */
export const auditPageSchema = z.object({
  /** The latest first. */
  calls: z.array(
    z.object({
      /** Number in the order in which calls end. */
      number: z.number(),
      /** Unix milliseconds. */
      time: z.number(),
      key: z.string(),
      assistant: z.string(),
      tool: z.string(),
      /** Without secrets, and cut to 8 KB. */
      arguments: z.record(z.string(), z.unknown()),
      dry_run: z.boolean(),
      /** `ok`, or the status of the error. */
      outcome: z.string(),
      ms: z.number(),
      request_id: z.string(),
    }),
  ),
  /** True if there are earlier ones. */
  has_more: z.boolean(),
  /** Names of the tools and keys that the audit has. */
  tools: z.array(z.string()),
  keys: z.array(z.string()),
});

export type ToolList = z.output<typeof consoleToolsSchema>;
export type ConsoleTool = ToolList['tools'][number];
export type AuditPage = z.output<typeof auditPageSchema>;
export type AuditedCall = AuditPage['calls'][number];
export type CallFilter = z.output<typeof auditQuerySchema>;
