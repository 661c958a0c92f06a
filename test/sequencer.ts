import { readFileSync } from 'node:fs';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * The files that take longest, in this order. Some wait most of their time. If they were not the first to start, all others
 * would have ended long before them.
 */
const LONGEST = [
  'chaos/chaos',
  'e2e/child-death',
  'e2e/command-line',
  'app/worker/store-thread',
  'cli/refusals',
  'e2e/copilot/codex-exec',
  'e2e/broken-calls',
  'e2e/hostile',
  'e2e/ask',
  'clients/codex-exec',
  'e2e/upstream-recordings',
  'e2e/providers',
  'e2e/sessions/approvals',
  'e2e/lost-output',
  'cli/inquiries',
  'e2e/structured-output',
  'cli/from-a-clone',
  'app/doctor',
  'e2e/background',
  'e2e/second-terminal',
  'e2e/responses-restart',
  'e2e/admission',
  'e2e/removed-state',
  'store/processes',
  'e2e/package',
  'app/worker/schema-checker',
  'docs/snippets',
  'e2e/unoffered-calls',
  'e2e/login',
  'e2e/sessions/nothing-lost',
  'e2e/killed-gateway',
  'e2e/stop-signals',
  'e2e/sessions/providers',
  'e2e/copilot/copilot-serve',
  'e2e/copilot/engine-of-v1',
  'e2e/soak',
  'e2e/bodies',
].map((name) => `/test/${name}.test.ts`);

/** Returns a number that is lower the earlier a file is to start. */
function rankOf({ moduleId }: TestSpecification): number {
  const place = LONGEST.findIndex((path) => moduleId.endsWith(path));
  if (place >= 0) return place;
  return readFileSync(moduleId, 'utf8').includes('useSharedGateway(') ? LONGEST.length : LONGEST.length + 1;
}

/**
 * Starts the longest files first: what starts last is waited for by all others. Those that share a gateway follow each other,
 * since it is closed before another file.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // oxlint-disable-next-line unicorn/no-array-sort -- This is vitest's method, and no array.
    const sorted = await super.sort(files);
    const ranks = new Map(sorted.map((file) => [file, rankOf(file)]));
    return sorted.toSorted((one, other) => ranks.get(one)! - ranks.get(other)!);
  }
}
