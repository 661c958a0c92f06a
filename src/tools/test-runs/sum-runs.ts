import { jsonBytes } from './bounded-output.ts';
import type { TestFailure } from './reports/test-results.ts';
import type { TargetRun } from './run-target.ts';

/** Bytes of the failures, and of the output, as JSON: an answer is at most 1 MB, also where it holds both twice. */
const MAX_FAILURE_BYTES = 192_000;
const MAX_OUTPUT_BYTES = 128_000;

/** A target and its run; undefined for one whose time was over before it began. */
export type NamedRun = readonly [name: string, run: TargetRun | undefined];

/** Adds up the runs of several targets. */
export function sumRuns(runs: readonly NamedRun[], seconds: number) {
  const done = runs.flatMap(([, run]) => run ?? []);
  const sum = (key: 'total' | 'passed' | 'failed') =>
    done.reduce((total, { results }) => total + results[key], 0);
  const failed = sum('failed');
  return {
    summary: {
      total: sum('total'),
      passed: sum('passed'),
      failed,
      duration_s: Math.round(seconds * 1000) / 1000,
    },
    failures: boundFailures(
      done.flatMap(({ results }) => results.failures),
      failed,
    ),
    timed_out: runs.some(([, run]) => run?.isTimedOut ?? true),
    output: joinOutputs(runs),
  };
}

function boundFailures(failures: readonly TestFailure[], failed: number): TestFailure[] {
  const listed: TestFailure[] = [];
  let bytes = 0;
  for (const failure of failures) {
    bytes += jsonBytes(failure.name) + jsonBytes(failure.message) + 30;
    if (bytes > MAX_FAILURE_BYTES) break;
    listed.push(failure);
  }
  const rest = failed - listed.length;
  if (rest > 0) listed.push({ name: '…', message: `${rest} further failed tests are not listed.` });
  return listed;
}

function joinOutputs(runs: readonly NamedRun[]): string {
  const isOne = runs.length === 1;
  const share = Math.floor(MAX_OUTPUT_BYTES / runs.length);
  return runs
    .map(([name, run]) => {
      const text = run === undefined ? '[not run: the time was over]\n' : run.output.read(share);
      return isOne ? text : `==> ${name} <==\n${text}${text.endsWith('\n') || text === '' ? '' : '\n'}`;
    })
    .join('');
}
