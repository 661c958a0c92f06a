import { GatewayError } from '../../../base/errors.ts';
import { isJsonObject, type JsonObject } from '../../../base/json.ts';
import { githubUrls } from '../transport/urls.ts';
import { askGithub, type GithubAccess } from './ask-github.ts';

/** An account by GitHub's description; undefined for each thing that is missing there. */
export interface CopilotAccount {
  readonly login: string | undefined;
  readonly plan: string | undefined;
  /** Day on which the quotas are reset, such as `2030-01-01`. */
  readonly quotaResetDate: string | undefined;
  readonly quotas: readonly CopilotQuota[];
}

interface CopilotQuota {
  /** GitHub's name of it, such as `premium_interactions`. */
  readonly name: string;
  readonly isUnlimited: boolean;
  readonly entitlement: number | undefined;
  readonly remaining: number | undefined;
  readonly percentRemaining: number | undefined;
}

/** Reads the account of a GitHub token; rejects with a `GatewayError` if it cannot be read, or the signal's reason. */
export async function readAccount(
  access: GithubAccess,
  githubToken: string,
  signal: AbortSignal,
): Promise<CopilotAccount> {
  const question = { url: githubUrls(access.urls).user, authorization: `token ${githubToken}` };
  const { status, body } = await askGithub(access, question, signal);
  if (status !== 200 || body === undefined) {
    throw new GatewayError(
      'copilot_auth_unreadable',
      `GitHub says nothing about the account (status ${status}).`,
    );
  }
  const { quota_snapshots: quotas } = body;
  return {
    login: text(body.login),
    plan: text(body.copilot_plan),
    quotaResetDate: text(body.quota_reset_date),
    quotas: Object.entries(isJsonObject(quotas) ? quotas : {}).flatMap(([name, quota]) =>
      isJsonObject(quota) ? [decodeQuota(name, quota)] : [],
    ),
  };
}

function decodeQuota(name: string, quota: JsonObject): CopilotQuota {
  return {
    name,
    isUnlimited: quota.unlimited === true || quota.entitlement === -1,
    entitlement: number(quota.entitlement),
    remaining: number(quota.remaining),
    percentRemaining: number(quota.percent_remaining),
  };
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
