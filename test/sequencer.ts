import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * The files that take longest, in this order. Some wait most of their time. If they were not the first to start, all others
 * would have ended long before them.
 */
const LONGEST = [
  'chaos/chaos',
  'e2e/copilot/secrets',
  'clients/codex-exec',
  'e2e/command-line',
  'e2e/copilot/codex-exec',
  'app/doctor',
  'e2e/admission',
  'e2e/lost-output',
  'e2e/second-terminal',
  'e2e/responses-restart',
  'clients/show',
  'docs/snippets',
  'app/worker/schema-checker',
  'e2e/long-answers',
  'e2e/soak',
  'e2e/continuation-property',
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
