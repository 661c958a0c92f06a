import type { Model } from '../../../generated/v2/Model.js';
import { GatewayError, StartupError } from '../../base/errors.ts';
import type { AgentAccount, AgentLogin, AgentModel } from '../../conversation/ports/agent-home.ts';
import type { Connection } from '../protocol/connection.ts';
import { startDeviceLogin } from '../runtime/device-login.ts';
import type { AgentChildOptions } from './agent-child.ts';

const ACCOUNTS = { apiKey: 'api-key', amazonBedrock: 'other', gcp: 'other' } as const;

/** Reads the account of the user's own Codex. */
export async function readAgentAccount(connection: Connection): Promise<AgentAccount> {
  const { account, requiresOpenaiAuth } = await connection.request('account/read', { refreshToken: false });
  if (account?.type === 'chatgpt') return { type: 'chatgpt', email: account.email };
  if (account) return { type: ACCOUNTS[account.type] };
  return { type: requiresOpenaiAuth ? 'signed-out' : 'not-needed' };
}

export function decodeModels(models: readonly Model[]): readonly AgentModel[] {
  return models
    .filter(({ hidden }) => !hidden)
    .map(({ model: id, displayName, isDefault, supportedReasoningEfforts }) => ({
      id,
      title: displayName,
      isDefault,
      efforts: supportedReasoningEfforts.map(({ reasoningEffort }) => reasoningEffort),
    }));
}

/** Starts a sign-in of the user's own Codex, on an app-server of its own. */
export async function startAgentLogin(options: AgentChildOptions, signal: AbortSignal): Promise<AgentLogin> {
  try {
    return await startDeviceLogin({ ...options, isStrict: false, signal });
  } catch (error) {
    if (!(error instanceof StartupError)) throw error;
    throw new GatewayError('codex_unavailable', error.message, { cause: error });
  }
}
