import { GatewayError } from '../../base/errors.ts';
import type { ToolProgress } from '../tool.ts';
import type { CreatePrInput } from './create-pr-schema.ts';
import type { GitHub, PullRequest } from './github.ts';

interface OpeningOptions {
  readonly input: CreatePrInput;
  /** The whole body. */
  readonly body: string;
  /** True if an earlier process may have opened it. */
  readonly isTakenUp: boolean;
  readonly push: () => Promise<void>;
  readonly github: GitHub;
  report(progress: ToolProgress): void;
}

interface OpenedPullRequest {
  readonly url: string;
  /** The body that GitHub has. */
  readonly body: string;
  readonly message: string;
}

/** Pushes the branch and opens its pull request, or takes the one that an earlier process has opened in the same call. */
export async function openPullRequest(options: OpeningOptions): Promise<OpenedPullRequest> {
  const { input, body, isTakenUp, push, github, report } = options;
  const earlier = isTakenUp ? await github.findOpen(input) : undefined;
  if (earlier === undefined) {
    report({ done: 0, total: 2, message: `Pushing ${input.head}` });
    await push();
    report({ done: 1, total: 2, message: 'Opening the pull request' });
  }
  const pull = earlier ?? (await create({ ...input, body }, github));
  const problem = await addLabels(pull, input, github);
  report({ done: 2, total: 2, message: 'The pull request is open' });
  const message = [`The pull request is open: ${pull.url}`, problem].filter(Boolean).join(' ');
  return { url: pull.url, body: earlier?.body ?? body, message };
}

/** Creates the pull request; if the answer is lost, looks if it is there all the same. */
async function create(pull: CreatePrInput, github: GitHub): Promise<PullRequest> {
  try {
    return await github.create(pull);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    const found = error.code === 'github_unreachable' ? await lookFor(pull, github) : '';
    if (typeof found === 'object') return found;
    throw new GatewayError(
      error.code,
      `${error.message}${found} The branch ${pull.head} is pushed.`,
      error.detail,
    );
  }
}

/** Looks for a pull request whose answer is lost. Resolves to a sentence if it is not found. */
async function lookFor(pull: CreatePrInput, github: GitHub): Promise<PullRequest | string> {
  try {
    const found = await github.findOpen(pull);
    // Only this call has written this last line.
    if (found?.body?.trimEnd().endsWith(pull.body.split('\n').at(-1)!)) return found;
    return ' It does not list the pull request.';
  } catch {
    return ' Another request, for the pull request that may be open all the same, failed too: look for it at GitHub.';
  }
}

/** Returns what is wrong with the labels: the pull request stays without them. */
async function addLabels(
  { number }: PullRequest,
  { repo, labels }: CreatePrInput,
  github: GitHub,
): Promise<string | undefined> {
  if (labels.length === 0) return undefined;
  if (number === undefined) return 'Its labels are missing: GitHub has not given its number.';
  try {
    await github.addLabels(repo, number, labels);
    return undefined;
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return `Its labels are missing: ${error.message}`;
  }
}
