import { z } from 'zod';

/** Query of `GET /console/checks`. */
export const checksQuerySchema = z.strictObject({
  /** `true` checks again, although the last time was not long ago. */
  again: z.enum(['true', 'false']).default('false'),
});

/** Answer of `GET /console/checks`: what `codex-gateway doctor` would find. */
export const checksSchema = z.object({
  /** Unix milliseconds at which the checks ended. */
  at: z.number(),
  findings: z.array(
    z.object({
      subject: z.string(),
      state: z.enum(['good', 'note', 'bad']),
      /** Says what was found and what to do. */
      text: z.string(),
    }),
  ),
});

export type Checks = z.output<typeof checksSchema>;
