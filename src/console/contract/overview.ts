import { z } from 'zod';

/** Answer of `GET /console/overview`. */
export const overviewSchema = z.object({
  version: z.string(),
  codex: z.string(),
  provider: z.string(),
  /** `account`, `signed-out`, `not-needed` or `unknown`. */
  login: z.string(),
  /** GitHub Copilot: `signed-in`, `signed-out` or `off`. */
  copilot: z.string(),
  /** The default model. */
  model: z.string(),
  account: z.string().nullable(),
  limits: z.array(
    z.object({
      window_minutes: z.number().nullable(),
      used_percent: z.number(),
      /** Unix seconds. */
      resets_at: z.number().nullable(),
    }),
  ),
  turns: z.object({ running: z.number(), waiting: z.number() }),
  last_hour: z.object({ requests: z.number(), errors: z.number() }),
  /** Bytes. */
  memory: z.object({ gateway: z.number(), child: z.number() }),
});

export type Overview = z.output<typeof overviewSchema>;
