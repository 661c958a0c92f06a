import { once } from 'node:events';
import { z } from 'zod';
import type { InternalTool } from '../../src/tools/tool.ts';

const input = z.strictObject({
  title: z.string(),
  dry_run: z.boolean().default(true),
  confirm: z.boolean().default(false),
});
const output = z.strictObject({ title: z.string(), dry_run: z.boolean() });

type Run = Parameters<InternalTool<typeof input, typeof output>['run']>;

export interface FakeToolOptions {
  /** Called in each run. */
  readonly onRun?: (...run: Run) => Promise<void> | void;
  readonly check?: (given: z.output<typeof input>) => Promise<void>;
}

/** Creates a tool that changes something, as `git.create_pr` does; `runs` holds what it was called with. */
export function createFakeTool({ onRun, check }: FakeToolOptions = {}) {
  const runs: Run[] = [];
  const tool: InternalTool<typeof input, typeof output> = {
    name: 'fake.change',
    title: 'Change something',
    description: 'Changes something.',
    path: '/fake/change',
    annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true },
    gate: {
      isDryRun: ({ dry_run: isDryRun }) => isDryRun,
      isConfirmed: ({ confirm }) => confirm,
      ask: ({ title }) => `Change ${title}?`,
    },
    input,
    output,
    ...(check && { check }),
    async run(...run) {
      runs.push(run);
      await onRun?.(...run);
      return { title: run[0].title, dry_run: run[0].dry_run };
    },
  };
  return { tool, runs };
}

/** Creates a tool that runs until it is cancelled. */
export function createHangingTool() {
  const started = Promise.withResolvers<AbortSignal>();
  const ended = Promise.withResolvers<unknown>();
  const { tool } = createFakeTool({
    async onRun(_input, { signal }) {
      started.resolve(signal);
      if (!signal.aborted) await once(signal, 'abort');
      ended.resolve(signal.reason);
      signal.throwIfAborted();
    },
  });
  return { tool, started: started.promise, ended: ended.promise };
}
