import { GatewayError } from '../../base/errors.ts';
import { isJsonObject } from '../../base/json.ts';
import { createAskGitHub, type GitHubOptions } from './ask-github-api.ts';
import type { BranchPair } from './clone.ts';

export interface PullRequest {
  readonly url: string;
  readonly number: number | undefined;
  readonly body: string | undefined;
}

interface Target extends BranchPair {
  /** `owner/name` */
  readonly repo: string;
}

/** GitHub's REST API, in the name of one token. */
export interface GitHub {
  create(pull: Target & { readonly title: string; readonly body: string }): Promise<PullRequest>;
  /** Resolves to the open pull request of a branch into another; undefined if there is none. */
  findOpen(target: Target): Promise<PullRequest | undefined>;
  addLabels(repo: string, number: number, labels: readonly string[]): Promise<void>;
}

/** Opens GitHub for one call, which the signal ends. */
export function openGitHub(options: GitHubOptions, token: string, signal: AbortSignal): GitHub {
  const ask = createAskGitHub(options, token, signal);
  return {
    async create({ repo, head, base: into, title, body }) {
      const created = decodePull(await ask(`/repos/${repo}/pulls`, { title, body, head, base: into }));
      if (created !== undefined) return created;
      throw new GatewayError(
        'github_refused',
        'GitHub answers to the new pull request with something else. Look if it is there.',
      );
    },
    async findOpen({ repo, head, base: into }) {
      const [owner] = repo.split('/');
      const query = new URLSearchParams({ head: `${owner}:${head}`, base: into, state: 'open' });
      const list = await ask(`/repos/${repo}/pulls?${query.toString()}`);
      const found = Array.isArray(list)
        ? list.find((pull) => isOf(pull, { repo, head, base: into }))
        : undefined;
      return decodePull(found);
    },
    async addLabels(repo, number, labels) {
      await ask(`/repos/${repo}/issues/${number}/labels`, { labels });
    },
  };
}

/** Returns true for a pull request of these branches: GitHub lists all of a repository if it does not understand a filter. */
function isOf(value: unknown, { repo, head, base }: Target): boolean {
  if (!isJsonObject(value)) return false;
  const from = isJsonObject(value.head) ? value.head : {};
  const into = isJsonObject(value.base) ? value.base : {};
  const source = isJsonObject(from.repo) ? from.repo.full_name : undefined;
  return (
    (from.ref ?? head) === head &&
    (into.ref ?? base) === base &&
    (typeof source !== 'string' || source.toLowerCase() === repo.toLowerCase())
  );
}

function decodePull(value: unknown): PullRequest | undefined {
  if (!isJsonObject(value)) return undefined;
  const { html_url: url, number, body } = value;
  if (typeof url !== 'string' || !/^https?:\/\/[\u0021-\u007E]{1,2000}$/.test(url)) return undefined;
  return {
    url,
    number: Number.isSafeInteger(number) ? (number as number) : undefined,
    body: typeof body === 'string' ? body : undefined,
  };
}
