import { z } from 'zod';
import { runInSlices, type Steps } from '../../base/async/steps.ts';
import { GatewayError } from '../../base/errors.ts';
import type { InternalTool } from '../tool.ts';
import { checkFormat } from './check-format.ts';
import { createLicenseCheck } from './check-license.ts';
import { createLintCheck } from './check-lint.ts';
import { readDiff, type DiffPart } from './diff/read-diff.ts';
import { createIssueList, type HygieneIssue } from './issue-list.ts';
import { CHECKS, NO_FINDINGS, type CheckName, type HygieneCheck } from './hygiene-check.ts';
import { checkSecrets } from './secrets/check-secrets.ts';
import { inPieces } from './line-pieces.ts';

export interface HygieneOptions {
  /** Text that the first ten lines of a new source file must hold; undefined for no such check. */
  readonly licenseHeader?: string | undefined;
}

const input = z.strictObject({
  diff: z.string().describe('A unified diff, such as `git diff` prints it.'),
  checks: z
    .array(z.enum(CHECKS))
    .min(1)
    .superRefine((checks, context) => {
      const repeated = checks.findIndex((check, index) => checks.indexOf(check) !== index);
      if (repeated === -1) return;
      context.addIssue({ code: 'custom', path: [repeated], message: `'${checks[repeated]}' is repeated` });
    })
    .meta({ uniqueItems: true })
    .default([...CHECKS])
    .describe('The checks to make; all of them by default.'),
});

const output = z.strictObject({
  issues: z.array(
    z.strictObject({
      type: z.enum(CHECKS).describe('The check that has found it.'),
      rule: z.string(),
      path: z.string().describe('Path of the file in the new version.'),
      line: z
        .int()
        .positive()
        .optional()
        .describe('Line in the new version of the file; absent for an issue of a whole file.'),
      severity: z.enum(['info', 'warn', 'error']),
      message: z.string(),
    }),
  ),
});

/** Creates the tool that looks at the lines which a diff adds. */
export function createRepoHygiene({ licenseHeader }: HygieneOptions = {}): InternalTool<
  typeof input,
  typeof output
> {
  return {
    name: 'repo.hygiene',
    title: 'Check a diff',
    description:
      'Checks the lines that a unified diff adds: secrets, conflict markers, whitespace, licence headers, large or binary files.',
    path: '/repo/hygiene',
    annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
    input,
    output,
    example: {
      input: { diff: '--- a/a.txt\n+++ b/a.txt\n@@ -0,0 +1 @@\n+<<<<<<< ours\n', checks: ['lint'] },
      output: {
        issues: [
          {
            type: 'lint',
            rule: 'conflict-marker',
            path: 'a.txt',
            line: 1,
            severity: 'error',
            message: 'A conflict marker is left.',
          },
        ],
      },
    },
    async run({ diff, checks }, { signal }) {
      const made = checks.map((name) => [name, createCheck(name, licenseHeader)] as const);
      return { issues: await runInSlices(findIssues(diff, made), signal) };
    },
  };
}

function createCheck(name: CheckName, licenseHeader: string | undefined): HygieneCheck {
  switch (name) {
    case 'secrets':
      return checkSecrets;
    case 'lint':
      return createLintCheck();
    case 'format':
      return checkFormat;
    case 'license':
      return licenseHeader === undefined ? () => NO_FINDINGS : createLicenseCheck(licenseHeader);
  }
}

function* findIssues(
  diff: string,
  checks: readonly (readonly [CheckName, HygieneCheck])[],
): Steps<HygieneIssue[]> {
  const list = createIssueList();
  let isDiff = false;
  for (const part of readDiff(diff)) {
    yield;
    if (part === undefined) continue;
    isDiff ||= isOfDiff(part);
    for (const [type, check] of checks) {
      for (const piece of type === 'secrets' ? inPieces(part) : [part]) {
        list.add(type, part.file.path, check(piece));
        yield;
      }
    }
  }
  if (!isDiff) requireEmpty(diff);
  return list.end();
}

/** Returns false for the end of a text that has no file before it. */
function isOfDiff({ kind, file }: DiffPart): boolean {
  return kind === 'added' || file.hasHeader || file.hasHunks;
}

/** Throws a `GatewayError` for a text without a diff, which must not get a clean bill. */
function requireEmpty(text: string): void {
  if (text.trim() === '') return;
  const problem = 'There is no diff in this text. Expected a unified diff, such as `git diff` prints it.';
  throw new GatewayError('invalid_value', problem, { param: 'diff', fields: [{ path: ['diff'], problem }] });
}
