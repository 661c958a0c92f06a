import { excerpt } from '../../../base/excerpt.ts';

export interface TestFailure {
  readonly name: string;
  readonly message: string;
}

/** Results of tests. Skipped ones, and those that are not expected to pass yet, are neither passed nor failed. */
export interface TestResults {
  readonly total: number;
  readonly passed: number;
  readonly failed: number;
  readonly failures: readonly TestFailure[];
}

/** Results while they are collected. */
export interface TestResultList extends TestResults {
  pass(): void;
  skip(): void;
  fail(name: string, message: string): void;
}

/** Failures whose names and messages are kept. */
const MAX_FAILURES = 1_000;
const MAX_NAME_CHARACTERS = 500;
const MAX_FAILURE_CHARACTERS = 4_000;

export function createTestResults(): TestResultList {
  const failures: TestFailure[] = [];
  let [total, passed, failed] = [0, 0, 0];
  return {
    get total() {
      return total;
    },
    get passed() {
      return passed;
    },
    get failed() {
      return failed;
    },
    failures,
    pass() {
      total += 1;
      passed += 1;
    },
    skip() {
      total += 1;
    },
    fail(name, message) {
      total += 1;
      failed += 1;
      if (failures.length >= MAX_FAILURES) return;
      failures.push({
        name: excerpt(name, MAX_NAME_CHARACTERS),
        message: excerpt(message.trim(), MAX_FAILURE_CHARACTERS),
      });
    },
  };
}

/** A report that cannot be read; its message says why, as in "The report …". */
export class UnreadableReportError extends Error {
  override readonly name = 'UnreadableReportError';
}
