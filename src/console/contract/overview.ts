import { z } from 'zod';

/** Answer of `GET /console/overview`. */
export const overviewSchema = z.object({
  version: z.string(),
  codex: z.string(),
  /** Unix milliseconds of the start. */
  since: z.number(),
  provider: z.string(),
  /** `account`, `signed-out`, `not-needed` or `unknown`. */
  login: z.string(),
  /** GitHub Copilot: `signed-in`, `signed-out` or `off`. */
  copilot: z.string(),
  /** Whose subscription of GitHub Copilot is used; null until GitHub has said it, and where nobody is signed in. */
  copilot_account: z
    .object({
      user: z.string().nullable(),
      plan: z.string().nullable(),
      quotas: z.array(
        z.object({
          /** GitHub's name of it, such as `premium_interactions`. */
          name: z.string(),
          is_unlimited: z.boolean(),
          entitlement: z.number().nullable(),
          remaining: z.number().nullable(),
          remaining_percent: z.number().nullable(),
        }),
      ),
      /** Day on which the quotas are reset, such as `2030-01-01`. */
      resets_on: z.string().nullable(),
      /** The reason for which GitHub has not said more; null if it has. */
      problem: z.string().nullable(),
    })
    .nullable(),
  /** The default model. */
  model: z.string(),
  account: z.string().nullable(),
  plan: z.string().nullable(),
  limits: z.array(
    z.object({
      window_minutes: z.number().nullable(),
      used_percent: z.number(),
      /** Unix seconds. */
      resets_at: z.number().nullable(),
    }),
  ),
  /** True if the provider has answered in the last day. */
  has_answered: z.boolean(),
  turns: z.object({ running: z.number(), waiting: z.number() }),
  last_hour: z.object({ requests: z.number(), errors: z.number() }),
  /** Bytes. */
  memory: z.object({ gateway: z.number(), child: z.number() }),
  /** Reasons for which requests would fail now: `codex`, `login`, `store` or `draining`. */
  unready: z.array(z.string()),
  /** Ends of an app-server that nobody wanted. */
  child_ends: z.object({
    count: z.number(),
    last: z
      .object({
        /** Unix milliseconds. */
        at: z.number(),
        /** Exit code or signal. */
        by: z.string(),
      })
      .nullable(),
  }),
});

export type Overview = z.output<typeof overviewSchema>;

export type CopilotOverview = NonNullable<Overview['copilot_account']>;
