import { NEVER_ABORTED } from '../../base/async/abort.ts';
import { GatewayError } from '../../base/errors.ts';
import { notAllowed } from '../refusals.ts';
import type { InternalTool } from '../tool.ts';
import { matchesPattern } from './branch-names.ts';
import { createClone, type Clone } from './clone.ts';
import { composeBody } from './compose-body.ts';
import { CREATE_PR_EXAMPLE, createPrInput, createPrOutput, type CreatePrInput } from './create-pr-schema.ts';
import { gitEnvironment } from './git-environment.ts';
import type { GitHubOptions } from './ask-github-api.ts';
import { openGitHub } from './github.ts';
import { harmless } from '../../base/harmless-text.ts';
import { openPullRequest } from './open-pull-request.ts';

/** A repository for which pull requests may be opened. */
interface AllowedRepository {
  /** Absolute path of the clone. */
  readonly path: string;
  readonly remote: string;
  /** Patterns of branches into which a pull request may lead. */
  readonly bases: readonly string[];
  /** Patterns of branches that may be pushed. */
  readonly branches: readonly string[];
}

export interface CreatePrOptions {
  /** By `owner/name`. */
  readonly repositories: Readonly<Record<string, AllowedRepository>>;
  readonly github: GitHubOptions;
  /** Resolves to GitHub's token as it is now; rejects with a `GatewayError` that says how to give one. */
  readonly readToken: () => Promise<string>;
  /** The variable that holds the token, which git does not see. */
  readonly tokenVariable?: string | undefined;
  /** Variables of the gateway, from which git gets some. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** The branches of a call, as commits. */
interface Commits {
  readonly head: string;
  readonly base: string;
}

/** Creates the tool that shows, pushes and proposes a branch of a clone. */
export function createPullRequestTool(
  options: CreatePrOptions,
): InternalTool<typeof createPrInput, typeof createPrOutput> {
  const { readToken } = options;
  const find = createFinder(options);
  return {
    name: 'git.create_pr',
    title: 'Open a pull request',
    description:
      'Shows the diff and the text of a pull request (dry_run, the default), or pushes the branch and opens the pull request on GitHub (dry_run=false, which needs a confirmation).',
    path: '/git/create-pr',
    annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true },
    gate: {
      isDryRun: ({ dry_run }) => dry_run,
      isConfirmed: ({ confirm }) => confirm,
      ask: ({ repo, head, base, title }) =>
        `Push the branch ${harmless(head)} to ${harmless(repo)} and open a pull request into ${harmless(base)}, with the title "${harmless(title)}"?`,
    },
    input: createPrInput,
    output: createPrOutput,
    example: CREATE_PR_EXAMPLE,
    async check(input) {
      await find(input, NEVER_ABORTED);
      // Nobody is asked, and nothing is kept for a repetition, if the call cannot succeed.
      if (!input.dry_run && input.confirm) await readToken();
    },
    async run(input, { assistant, caller, requestId, signal, isTakenUp, report }) {
      // A missing token is a failure before anything is changed.
      const token = input.dry_run ? undefined : await readToken();
      const { clone, head, base } = await find(input, signal);
      const diff = await clone.diff(base, head, signal);
      const body = composeBody(input.body, { assistant, key: caller.name, requestId });
      const note = diff.text === '' ? 'The branch changes nothing.' : diff.leftOut;
      const shown = { dry_run: input.dry_run, branch: input.head, base: input.base, diff: diff.text };
      if (token === undefined) {
        return { ...shown, body, pr_url: null, message: join([dryRunMessage(input), note]) };
      }
      const push = async () => await clone.push(head, input.head, signal);
      const github = openGitHub(options.github, token, signal);
      const opened = await openPullRequest({ input, body, isTakenUp, push, github, report });
      return { ...shown, body: opened.body, pr_url: opened.url, message: join([opened.message, note]) };
    },
  };
}

/** Returns what finds the clone of a call and its branches, and throws what the call may not reach. */
function createFinder({ repositories, environment, tokenVariable }: CreatePrOptions) {
  const allowed = new Map(Object.entries(repositories));
  const gitVariables = gitEnvironment(environment, tokenVariable);
  return async (input: CreatePrInput, signal: AbortSignal): Promise<{ clone: Clone } & Commits> => {
    const repository = findRepository(allowed, input);
    const clone = createClone({ ...repository, repository: input.repo, environment: gitVariables });
    const { head, base } = await clone.find(input, signal);
    if (head === undefined) throw missing('head', input);
    if (base === undefined) throw missing('base', input);
    return { clone, head, base };
  };
}

/** Throws what a call may not reach. */
function findRepository(
  allowed: ReadonlyMap<string, AllowedRepository>,
  input: CreatePrInput,
): AllowedRepository {
  const { repo, base, head } = input;
  const found = allowed.get(repo);
  if (found === undefined) {
    throw notAllowed({ field: 'repo', kind: 'repository', value: repo, allowed: [...allowed.keys()] });
  }
  const fits = (patterns: readonly string[], name: string) =>
    patterns.some((pattern) => matchesPattern(pattern, name));
  if (!fits(found.bases, base)) {
    throw notAllowed({ field: 'base', kind: 'base', value: base, allowed: found.bases });
  }
  if (!fits(found.branches, head)) {
    throw notAllowed({ field: 'head', kind: 'branch', value: head, allowed: found.branches });
  }
  if (head === base) {
    throw new GatewayError('invalid_value', "'head': It is the base itself.", { param: 'head' });
  }
  return found;
}

function missing(field: 'head' | 'base', { repo, ...branches }: CreatePrInput): GatewayError {
  const advice = field === 'head' ? 'commit to it' : 'fetch it';
  return new GatewayError(
    'branch_not_found',
    `The clone of ${repo} does not have the branch ${branches[field]}; ${advice} there first.`,
    { param: field },
  );
}

function dryRunMessage({ head, base }: CreatePrInput): string {
  return `Dry run: nothing was pushed. With dry_run=false and a confirmation, ${head} is pushed and a pull request into ${base} is opened.`;
}

function join(sentences: readonly (string | undefined)[]): string {
  return sentences.filter((sentence) => sentence !== undefined).join(' ');
}
