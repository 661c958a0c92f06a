import { z } from 'zod';

/** A step of the charts: a minute of the last hour, or five minutes of the last day. */
const trafficPointSchema = z.object({
  /** Unix milliseconds of its beginning. */
  at: z.number(),
  requests: z.number(),
  errors: z.number(),
  input_tokens: z.number(),
  output_tokens: z.number(),
  /** Most turns that ran and waited at once. */
  running: z.number(),
  waiting: z.number(),
  /** Times until the first token; null if no answer began. */
  first_token: z.object({ p50_ms: z.number(), p95_ms: z.number() }).nullable(),
});

export type TrafficPoint = z.output<typeof trafficPointSchema>;

const seriesSchema = z.object({
  step_ms: z.number(),
  /** Number of steps that are kept. */
  steps: z.number(),
  /** The steps in which something happened, oldest first. */
  points: z.array(trafficPointSchema),
});

/** Answer of `GET /console/traffic`: what was asked in the last hour and the last day. */
export const trafficSchema = z.object({
  /** Unix milliseconds, since the clock of the browser may differ. */
  now: z.number(),
  hour: seriesSchema,
  day: seriesSchema,
});

export type TrafficSeries = z.output<typeof seriesSchema>;

export type TrafficHistory = z.output<typeof trafficSchema>;

/** Steps that have changed. */
export interface TrafficChange {
  readonly hour: readonly TrafficPoint[];
  readonly day: readonly TrafficPoint[];
}
