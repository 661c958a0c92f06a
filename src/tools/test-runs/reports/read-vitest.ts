import { isAbsolute, relative } from 'node:path';
import { z } from 'zod';
import type { Steps } from '../../../base/async/steps.ts';
import { stripCodes } from './strip-codes.ts';
import {
  createTestResults,
  UnreadableReportError,
  type TestResultList,
  type TestResults,
} from './test-results.ts';

/** A list whose elements are looked at one by one, since there may be millions. */
const list = z.custom<readonly unknown[]>(Array.isArray);

const reportSchema = z.object({ testResults: list });

const fileSchema = z.object({
  name: z.string().default(''),
  status: z.string().default(''),
  message: z.string().default(''),
  assertionResults: list,
});

const testSchema = z.object({
  fullName: z.string().optional(),
  title: z.string().default(''),
  status: z.string(),
  failureMessages: list.nullish(),
});

/** Messages of one failure that are looked at: the first says what is wrong. */
const MAX_MESSAGES = 20;

/** Reads the report of vitest's reporter `json`, which Jest writes too, also among other lines. */
export function* readVitest(text: string, folder: string): Steps<TestResults> {
  const results = createTestResults();
  for (const file of parse(reportSchema, parseJson(text)).testResults) {
    yield* readFile(parse(fileSchema, file), folder, results);
  }
  return results;
}

function* readFile(
  { name, status, message, assertionResults }: z.output<typeof fileSchema>,
  folder: string,
  results: TestResultList,
): Steps<void> {
  let hasFailure = false;
  for (const value of assertionResults) {
    yield;
    const test = parse(testSchema, value);
    if (test.status === 'passed') results.pass();
    else if (test.status === 'failed') {
      hasFailure = true;
      const messages = (test.failureMessages ?? []).slice(0, MAX_MESSAGES);
      results.fail(test.fullName ?? test.title, stripCodes(messages.filter(isText).join('\n')));
    } else results.skip();
  }
  // A file that cannot be loaded has no tests.
  if (status === 'failed' && !hasFailure) {
    results.fail(isAbsolute(name) ? relative(folder, name) : name, stripCodes(message));
  }
  yield;
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new UnreadableReportError('is not one of vitest');
}

function parseJson(text: string): unknown {
  // Tests may print before it and after it.
  const start = text.search(/\{\s{0,20}"num(?:Total|Failed|Passed)/);
  const end = text.lastIndexOf('}') + 1;
  for (const candidate of [text, start === -1 ? '' : text.slice(start, end)]) {
    try {
      return JSON.parse(candidate);
    } catch {
      // The other one may be right.
    }
  }
  throw new UnreadableReportError(text.trim() === '' ? 'is empty' : 'is not JSON');
}
