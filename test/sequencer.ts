import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that wait most of their time, and would be the last ones to end if they were not the first to start. */
const LONGEST = ['/test/chaos/chaos.test.ts', '/test/e2e/soak.test.ts'];

/** Starts the longest files first: what starts last is waited for by all others. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // oxlint-disable-next-line unicorn/no-array-sort -- This is vitest's method, and no array.
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification) => LONGEST.some((path) => moduleId.endsWith(path));
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}
