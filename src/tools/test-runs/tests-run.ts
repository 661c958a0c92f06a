import { z } from 'zod';
import { notAllowed } from '../refusals.ts';
import type { InternalTool } from '../tool.ts';
import { sumRuns } from './sum-runs.ts';
import type { TargetRunner } from './target-runner.ts';

const MAX_TARGETS = 100;

/** Milliseconds between two reports of progress. */
const PROGRESS_MS = 200;

const input = z.strictObject({
  targets: z
    .array(z.string())
    .min(1)
    .max(MAX_TARGETS)
    .describe('Names of configured tests, which run one after the other.'),
  timeout_s: z.int().min(1).max(3600).default(300).describe('Seconds for all of them together.'),
});

const output = z.strictObject({
  summary: z.strictObject({
    total: z.int().nonnegative().describe('All tests, skipped ones too.'),
    passed: z.int().nonnegative(),
    failed: z.int().nonnegative(),
    duration_s: z.number().nonnegative(),
  }),
  failures: z.array(z.strictObject({ name: z.string(), message: z.string() })),
  timed_out: z.boolean(),
  output: z
    .string()
    .describe('Text that the commands have printed: all of it, or the beginning and the end.'),
});

/** Creates the tool that runs the commands of the configuration, and no others. */
export function createTestsRun({ names, run }: TargetRunner): InternalTool<typeof input, typeof output> {
  return {
    name: 'tests.run',
    title: 'Run tests',
    description: `Runs configured tests and answers with their results. Targets: ${describeNames(names)}.`,
    path: '/tests/run',
    annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
    input,
    output,
    example: {
      input: { targets: ['unit'], timeout_s: 120 },
      output: {
        summary: { total: 12, passed: 11, failed: 1, duration_s: 3.2 },
        failures: [{ name: 'adds numbers', message: 'expected 3, received 4' }],
        timed_out: false,
        output: 'not ok 7 - adds numbers\n',
      },
    },
    async check({ targets }) {
      const unknown = targets.find((name) => !names.includes(name));
      if (unknown !== undefined) {
        throw notAllowed({ field: 'targets', kind: 'test', value: unknown, allowed: names });
      }
    },
    async run({ targets, timeout_s: seconds }, { signal, report }) {
      const start = performance.now();
      let reportedAt = start;
      let reported = 0;
      const runs = await run(targets, {
        seconds,
        signal,
        onCount(done) {
          const now = performance.now();
          if (done === reported || now - reportedAt < PROGRESS_MS) return;
          reportedAt = now;
          reported = done;
          report({ done, message: `Tests so far: ${done}` });
        },
      });
      return sumRuns(runs, (performance.now() - start) / 1000);
    },
  };
}

function describeNames(names: readonly string[]): string {
  const shown = names.slice(0, MAX_TARGETS).join(', ');
  return names.length > MAX_TARGETS ? `${shown} and others` : shown;
}
