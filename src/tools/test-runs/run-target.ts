import { createBoundedOutput, type BoundedOutput } from './bounded-output.ts';
import { collectReport, type ReportCollector } from './report-collector.ts';
import { createTestResults, UnreadableReportError, type TestResults } from './reports/test-results.ts';
import { runCommand, type TestCommandEnd, type TestCommand } from './run-command.ts';

/** The tests of one target. */
export interface TargetRun {
  readonly results: TestResults;
  readonly output: BoundedOutput;
  readonly isTimedOut: boolean;
}

export interface TargetOptions {
  readonly name: string;
  readonly command: TestCommand;
  readonly environment: Readonly<Record<string, string>>;
  /** Aborts when the call ends without an answer. */
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  /** Takes the number of tests that are known so far. */
  onCount(count: number): void;
}

/** Runs the command of a target and reads its report. Rejects with the signal's reason, when everything has ended. */
export async function runTarget({
  name,
  command,
  environment,
  signal,
  timeoutMs,
  onCount,
}: TargetOptions): Promise<TargetRun> {
  const output = createBoundedOutput();
  const report = await collectReport(command);
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(), timeoutMs);
  const end = await runCommand(command, {
    environment,
    signal: AbortSignal.any([signal, timeout.signal]),
    onOutput(block, stream) {
      output.add(block);
      if (stream === 'stderr') return;
      report.add(block);
      onCount(report.count);
    },
  }).finally(() => clearTimeout(timer));
  signal.throwIfAborted();
  const isTimedOut = timeout.signal.aborted;
  return { results: await readResults(name, report, end, isTimedOut), output, isTimedOut };
}

/** Returns what the report says; a failure that it does not show is one of a test with the name of the target. */
async function readResults(
  name: string,
  report: ReportCollector,
  { problem }: TestCommandEnd,
  isTimedOut: boolean,
): Promise<TestResults> {
  try {
    const results = await report.read(isTimedOut);
    if (isTimedOut || problem === undefined || results.failed > 0) return results;
    const failure = { name, message: `The command ${problem}, and its report shows no failed test.` };
    return { total: results.total + 1, passed: results.passed, failed: 1, failures: [failure] };
  } catch (error) {
    const results = createTestResults();
    if (isTimedOut) return results;
    const reason = error instanceof UnreadableReportError ? error.message : 'cannot be read';
    const ending = problem === undefined ? '' : ` The command ${problem}.`;
    results.fail(name, `The report ${reason}.${ending}`);
    return results;
  }
}
