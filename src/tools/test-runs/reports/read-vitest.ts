import { isAbsolute, relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { z } from 'zod';
import {
  createTestResults,
  UnreadableReportError,
  type TestResultList,
  type TestResults,
} from './test-results.ts';

const reportSchema = z.looseObject({
  testResults: z.array(
    z.looseObject({
      name: z.string().default(''),
      status: z.string().default(''),
      message: z.string().default(''),
      assertionResults: z.array(
        z.looseObject({
          fullName: z.string().optional(),
          title: z.string().default(''),
          status: z.string(),
          failureMessages: z.array(z.string()).nullish(),
        }),
      ),
    }),
  ),
});

type VitestFile = z.output<typeof reportSchema>['testResults'][number];

/** Reads the report of vitest's reporter `json`, which Jest writes too, also among other lines. */
export function readVitest(text: string, folder: string): TestResults {
  const results = createTestResults();
  for (const file of parseReport(text).testResults) readFile(file, folder, results);
  return results;
}

function readFile(
  { name, status, message, assertionResults }: VitestFile,
  folder: string,
  results: TestResultList,
): void {
  let hasFailure = false;
  for (const test of assertionResults) {
    if (test.status === 'passed') results.pass();
    else if (test.status === 'failed') {
      hasFailure = true;
      const problem = (test.failureMessages ?? []).join('\n');
      results.fail(test.fullName ?? test.title, stripVTControlCharacters(problem));
    } else results.skip();
  }
  // A file that cannot be loaded has no tests.
  if (status === 'failed' && !hasFailure) {
    results.fail(isAbsolute(name) ? relative(folder, name) : name, stripVTControlCharacters(message));
  }
}

function parseReport(text: string): z.output<typeof reportSchema> {
  const result = reportSchema.safeParse(parseJson(text));
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
