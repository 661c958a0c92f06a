import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * The files that take longest, in this order. Some wait most of their time. If they were not the first to start, all others
 * would have ended long before them.
 */
const LONGEST = [
  'chaos/chaos',
  'clients/codex-exec',
  'e2e/command-line',
  'e2e/admission',
  'cli/refusals',
  'app/doctor',
  'e2e/copilot/secrets',
  'e2e/lost-output',
  'e2e/background',
  'e2e/upstream-recordings',
  'e2e/child-death',
  'e2e/responses-restart',
  'e2e/ask',
  'e2e/copilot/codex-exec',
  'e2e/second-terminal',
  'app/worker/schema-checker',
  'e2e/bodies',
  'e2e/copilot/engine-of-v1',
  'e2e/copilot/login',
  'e2e/structured-output',
  'docs/snippets',
  'e2e/soak',
].map((name) => `/test/${name}.test.ts`);

/** Starts the longest files first: what starts last is waited for by all others. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // oxlint-disable-next-line unicorn/no-array-sort -- This is vitest's method, and no array.
    const sorted = await super.sort(files);
    const rankOf = ({ moduleId }: TestSpecification) => {
      const rank = LONGEST.findIndex((path) => moduleId.endsWith(path));
      return rank < 0 ? LONGEST.length : rank;
    };
    return sorted.toSorted((one, other) => rankOf(one) - rankOf(other));
  }
}
