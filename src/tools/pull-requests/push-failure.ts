import { GatewayError } from '../../base/errors.ts';
import { harmless } from '../../base/harmless-text.ts';

interface PushFailure {
  readonly branch: string;
  /** Output of `git push --porcelain`. */
  readonly output: string;
  readonly complaint: string;
}

/** Maximum characters of the remote's own words. */
const MAX_REASON = 500;

/** Reasons that git gives if the remote has commits that the clone lacks. */
const BEHIND = /^(?:non-fast-forward|fetch first|needs force|stale info|already exists)$/;

const PROBLEMS: readonly (readonly [RegExp, string])[] = [
  [
    /authentication failed|could not read (?:username|password)|permission denied|host key verification|access denied|\b40[13]\b/i,
    'The remote does not let git in; check that `git push` works in the clone without a question.',
  ],
  [
    /repository .*not found|does not appear to be a git repository/i,
    'The remote is not a repository that git can reach.',
  ],
  [
    /could not resolve|unable to access|connection (?:refused|reset|closed|timed out)|network is unreachable/i,
    'The remote cannot be reached.',
  ],
];

/** Returns the error of a push that failed, without paths, addresses and everything else that git complains of. */
export function readPushFailure({ branch, output, complaint }: PushFailure): GatewayError {
  const [, isRemote, reason] = /^!\t[^\n]*\t\[(remote )?rejected\] \(([^\n]*)\)$/m.exec(output) ?? [];
  if (isRemote === undefined && reason !== undefined && BEHIND.test(reason)) {
    return new GatewayError(
      'push_rejected',
      `The remote has commits on ${branch} that the clone lacks. The branch is never forced: bring them together, or use another branch.`,
    );
  }
  if (reason !== undefined) {
    const words = [reason, ...remoteWords(complaint)].join(' ');
    return new GatewayError('push_failed', `The remote refuses ${branch}: ${harmless(words, MAX_REASON)}`);
  }
  const [, problem = 'git cannot push; try `git push` in the clone.'] =
    PROBLEMS.find(([words]) => words.test(complaint)) ?? [];
  return new GatewayError('push_failed', `${branch} is not pushed. ${problem}`);
}

/** Returns what the remote itself says, such as the message of one of its hooks. */
function remoteWords(complaint: string): string[] {
  return [...complaint.matchAll(/^remote: ?(.*)$/gm)].map(([, words = '']) => words.trim()).filter(Boolean);
}
