import { GatewayError } from '../../base/errors.ts';
import { readPushFailure } from './push-failure.ts';
import { runGit, type GitPlace } from './run-git.ts';

/** A branch and the one into which it shall lead, as they are in a clone. */
export interface BranchPair {
  readonly head: string;
  readonly base: string;
}

/** The commits of two branches; undefined for a branch that is missing. */
interface FoundBranches {
  readonly head: string | undefined;
  readonly base: string | undefined;
}

interface BranchDiff {
  readonly text: string;
  /** A sentence about what the text leaves out; undefined if it is complete. */
  readonly leftOut: string | undefined;
}

/** A clone of the user, in which branches are read and from which they are pushed. */
export interface Clone {
  /** Looks for the branches; the base is the one of the remote, as far as the clone knows it, or else that of the clone. */
  find(branches: BranchPair, signal: AbortSignal): Promise<FoundBranches>;
  /** Compares a commit with the point where it left another. */
  diff(base: string, head: string, signal: AbortSignal): Promise<BranchDiff>;
  /** Pushes a commit to a branch of the remote, which is never forced. The clone stays as it is. */
  push(commit: string, branch: string, signal: AbortSignal): Promise<void>;
}

export interface CloneOptions extends GitPlace {
  /** `owner/name` */
  readonly repository: string;
  readonly remote: string;
  readonly maxDiffBytes?: number;
}

const MAX_DIFF_BYTES = 200_000;
const PUSH_MS = 300_000;

/** A diff in git's plain form, whatever the configuration says, for which no program of the configuration runs. */
const PLAIN_DIFF = ['-r', '-M', '--no-color', '--no-ext-diff', '--no-textconv', '--submodule=short'];

export function createClone(options: CloneOptions): Clone {
  const { remote } = options;
  return {
    async find({ head, base }, signal) {
      const names = [`refs/heads/${head}`, `refs/remotes/${remote}/${base}`, `refs/heads/${base}`] as const;
      const format = '--format=%(objectname) %(refname)';
      const list = await read(options, ['for-each-ref', format, '--', ...names], signal);
      const commits = new Map(
        list.split('\n').map((line) => {
          const [commit = '', ...name] = line.split(' ');
          return [name.join(' '), commit];
        }),
      );
      return { head: commits.get(names[0]), base: commits.get(names[1]) ?? commits.get(names[2]) };
    },
    diff: async (base, head, signal) => await diffCommits(options, { base, head }, signal),
    async push(commit, branch, signal) {
      const ref = `refs/heads/${branch}`;
      const args = ['push', '--porcelain', '--no-verify', '--', remote, `${commit}:${ref}`];
      // The branch is left out of those whose state at the remote the clone keeps. Older versions of git obey that only for a branch
      // that is named before.
      const settings = [ref, `^${ref}`].map((spec) => [`remote.${remote}.fetch`, spec] as const);
      const { code, output, complaint } = await runGit(options, args, {
        signal,
        timeoutMs: PUSH_MS,
        settings,
      });
      if (code !== 0) throw readPushFailure({ branch, output: output.toString(), complaint });
    },
  };
}

async function diffCommits(
  options: CloneOptions,
  { base, head }: BranchPair,
  signal: AbortSignal,
): Promise<BranchDiff> {
  const { maxDiffBytes: maxBytes = MAX_DIFF_BYTES } = options;
  // The code is 1 if there is none.
  const from = (await read(options, ['merge-base', base, head], signal, [0, 1])).trim();
  if (from === '') {
    const problem = "'head': The branch has no history in common with the base.";
    throw new GatewayError('invalid_value', problem, { param: 'head' });
  }
  const args = ['diff-tree', '-p', ...PLAIN_DIFF, '--src-prefix=a/', '--dst-prefix=b/', from, head];
  const { code, output, isCut } = await runGit(options, args, { signal, maxBytes });
  if (!isCut) {
    if (code !== 0) throw unusable(options);
    return { text: output.toString(), leftOut: undefined };
  }
  const sum = (await read(options, ['diff-tree', '--shortstat', ...PLAIN_DIFF, from, head], signal)).trim();
  // The last line may be cut, and so may a character in it.
  const text = output.subarray(0, output.lastIndexOf('\n') + 1).toString();
  const shown = text.match(/^diff --git /gm)?.length ?? 0;
  return {
    text,
    leftOut: `The diff is cut after ${maxBytes} bytes, in file ${shown} of all that it has: ${sum}.`,
  };
}

/** Runs git; another code than those expected says that the clone cannot be used. */
async function read(
  options: CloneOptions,
  args: readonly string[],
  signal: AbortSignal,
  codes = [0],
): Promise<string> {
  const { code, output } = await runGit(options, args, { signal });
  if (code === undefined || !codes.includes(code)) throw unusable(options);
  return output.toString();
}

function unusable({ repository }: CloneOptions): GatewayError {
  return new GatewayError(
    'clone_unusable',
    `git cannot read the clone of ${repository}. Check that git is installed, and that 'tools.repositories' in the config file names a clone that belongs to the user of the gateway.`,
  );
}
