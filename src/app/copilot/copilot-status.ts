import { GatewayError } from '../../base/errors.ts';
import type { CredentialSource } from '../../upstream/copilot/auth/credential.ts';
import { reportSignIn, type SignInReport } from '../../upstream/copilot/auth/report-sign-in.ts';
import { adviceFor, sourceName } from '../../upstream/copilot/auth/sign-in-errors.ts';
import type { CopilotOptions } from '../../upstream/copilot/copilot-options.ts';
import { pathOfSource, withCopilot, withPaths, type CopilotContext } from './with-copilot.ts';

/** The state of GitHub Copilot, as commands show it. */
export interface CopilotStatus extends Pick<
  SignInReport,
  'user' | 'expiresAtMs' | 'responsesUrl' | 'account'
> {
  /** Place of the token, with its path; undefined if nobody is signed in. */
  readonly source: string | undefined;
  /** True if GitHub gives new tokens in time. */
  readonly isExchanged: boolean;
  /** The reason for which no request can be made, and what to do; undefined if one could be. */
  readonly problem: string | undefined;
  /** Something that does not prevent requests. */
  readonly note: string | undefined;
}

const NOTHING_KNOWN = {
  source: undefined,
  isExchanged: false,
  user: undefined,
  expiresAtMs: undefined,
  responsesUrl: undefined,
  account: undefined,
  note: undefined,
};

/** Finds out if a request to Copilot could be made, and who pays for it. No model is asked. */
export async function readCopilotStatus(context: CopilotContext): Promise<CopilotStatus> {
  const { settings, signal } = context;
  if (!settings.copilot.enabled) {
    return {
      ...NOTHING_KNOWN,
      problem: `Copilot is turned off: "enabled" is false under "copilot" in ${settings.configPath}; remove it there.`,
    };
  }
  return await withCopilot(context, async ({ http, credentials, endpoints, models }, options) => {
    const access = { ...options, http };
    const report = await reportSignIn({ access, credentials, endpoints }, signal);
    const { source, kind } = report;
    // GitHub has just answered for a token that is exchanged. Any other is tried with the list of models.
    const isTried = report.problem === undefined && kind !== 'app';
    const refusal = isTried ? await models.list(signal).then(() => undefined, expectGatewayError) : undefined;
    return {
      ...report,
      source: source && (pathOfSource(source, options.credentials) ?? sourceName(source)),
      isExchanged: kind === 'app' && options.credentials.refreshes,
      ...judge(report, refusal, options),
    };
  });
}

/** Separates what prevents requests from what does not. */
function judge(
  { source, problem: found, accountProblem }: SignInReport,
  refusal: GatewayError | undefined,
  options: CopilotOptions,
): Pick<CopilotStatus, 'problem' | 'note'> {
  const isLimited = refusal?.code === 'copilot_quota_exceeded';
  if (isLimited) return { problem: undefined, note: refusal.message };
  const problem = refusal ? describeRefusal(refusal, source, options) : found;
  if (problem === undefined) return { problem, note: accountProblem };
  return { problem: withPaths(problem, options.credentials), note: undefined };
}

function expectGatewayError(error: unknown): GatewayError {
  if (error instanceof GatewayError) return error;
  throw error;
}

/** Returns what is wrong, and what to do if it is the token. */
function describeRefusal(
  { message, detail }: GatewayError,
  source: CredentialSource | undefined,
  { command }: CopilotOptions,
): string {
  const isOfToken = source !== undefined && (detail.status === 401 || detail.status === 403);
  return isOfToken ? `${message} ${adviceFor(source, command)}` : message;
}
