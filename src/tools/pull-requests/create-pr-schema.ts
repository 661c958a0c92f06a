import { z } from 'zod';
import { isBranchName } from './branch-names.ts';

/** Maximum characters of the fields, as far as GitHub takes them; the body leaves room for the last line. */
const MAX_TITLE = 256;
const MAX_BODY = 60_000;
const MAX_LABEL = 50;
const MAX_LABELS = 100;

/** Not a pattern of the schema: some clients do not understand classes of Unicode. */
const NOT_ONE_LINE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u;
const branch = z.string().refine(isBranchName, {
  error: 'expected a branch such as agent/fix-1, of ASCII letters, digits and . _ - / + # @ = , %',
});
const words = (maxLength: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(maxLength)
    .refine((text) => !NOT_ONE_LINE.test(text), { error: 'expected one line without control characters' });

export const createPrInput = z.strictObject({
  repo: z.string().min(1).max(200).describe('owner/name of a repository that the configuration allows.'),
  title: words(MAX_TITLE).describe('Title of the pull request.'),
  body: z
    .string()
    .max(MAX_BODY)
    .describe('Text of the pull request, in Markdown. A line that names the assistant is added.'),
  base: branch.describe('Branch into which the pull request leads.'),
  head: branch.describe('Branch of the clone that is pushed.'),
  labels: z.array(words(MAX_LABEL)).max(MAX_LABELS).default([]).describe('Labels of the pull request.'),
  dry_run: z
    .boolean()
    .default(true)
    .describe(
      'True shows the diff and the body and changes nothing; false pushes and opens the pull request.',
    ),
  confirm: z.boolean().default(false).describe('Needed with dry_run=false: a person has agreed.'),
});

export const createPrOutput = z.strictObject({
  dry_run: z.boolean(),
  branch: z.string(),
  base: z.string(),
  diff: z.string().describe('What the branch changes since it left the base.'),
  body: z.string().describe('The whole text of the pull request.'),
  pr_url: z.string().nullable().describe('Null in a dry run.'),
  message: z.string(),
});

export type CreatePrInput = z.output<typeof createPrInput>;

/** A dry run, for the description of the API. */
export const CREATE_PR_EXAMPLE = {
  input: {
    repo: 'octo/site',
    title: 'Fix the footer',
    body: 'The year was wrong.',
    base: 'main',
    head: 'agent/footer',
  },
  output: {
    dry_run: true,
    branch: 'agent/footer',
    base: 'main',
    diff: 'diff --git a/footer.html b/footer.html\n',
    body: 'The year was wrong.\n\nOpened by codex-gateway via Codex (key codex, request r-1)',
    pr_url: null,
    message:
      'Dry run: nothing was pushed. With dry_run=false and a confirmation, agent/footer is pushed and a pull request into main is opened.',
  },
};
