import { resolve } from 'node:path';
import { z } from 'zod';

/** Schema of `sessions`: agents at work in folders. */
export const sessionsSchema = z.strictObject({
  /** Folders below which a workspace may lie; without any, there are no sessions. */
  roots: z
    .array(z.string().regex(/^(?:\/|~\/|~$)/, "expected an absolute path, or one that begins with '~/'"))
    .readonly()
    .default([]),
  /** Seconds for which a request of the agent waits for a decision; then it is declined. */
  approvalTimeout: z.number().positive().max(86_400).default(600),
  /** True if a command that asks to leave the sandbox may be allowed. */
  unsandboxed: z.boolean().default(false),
  maxConcurrentTurns: z.int().positive().max(1000).default(4),
  maxQueuedTurns: z.int().min(0).max(100_000).default(40),
  /** Limits of what is kept to undo turns. */
  undo: z
    .strictObject({
      /** Files and folders of a workspace. */
      files: z.int().positive().max(1_000_000).default(20_000),
      /** Bytes of the contents of a workspace, and of all that is kept. */
      bytes: z.int().positive().default(200_000_000),
      /** Bytes of one file. */
      fileBytes: z.int().positive().default(50_000_000),
      days: z.number().positive().max(3650).default(14),
    })
    .prefault({}),
});

type SessionSettings = z.output<typeof sessionsSchema>;

/** Returns the settings with the folder of `--workspace`, which comes before those of the config file. */
export function withWorkspace(settings: SessionSettings, workspace: string | undefined): SessionSettings {
  if (workspace === undefined) return settings;
  return { ...settings, roots: [...new Set([resolve(workspace), ...settings.roots])] };
}
