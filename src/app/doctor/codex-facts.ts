import type { FoundGateway } from '../gateways/find-gateway.ts';
import { listSchema, showModel, type ListedModel } from '../inquiries/list-models.ts';
import { startCodex } from '../codex/start-codex.ts';
import type { Status } from '../codex/status.ts';
import { describeAccount, usageSchema } from '../inquiries/usage.ts';
import type { LoginFacts } from './check-login.ts';

/** The gateway that listens on the port, and what it tells of itself. */
export interface Running {
  readonly gateway: FoundGateway;
  readonly status: Status;
  /** True if it serves the demo model. */
  readonly demo: boolean;
}

/** Answers of the Codex behind the running gateway, or of one started for this question. */
export interface CodexFacts {
  readonly login: LoginFacts;
  readonly models: readonly ListedModel[];
}

export async function askRunning({ gateway, status }: Running): Promise<CodexFacts> {
  const usage = await gateway.ask('/v1/usage', usageSchema);
  const list = await gateway.ask('/v1/models?hidden=true', listSchema);
  const { account = null, plan = null } = usage ?? {};
  return { login: { type: status.login, account, plan }, models: list?.data ?? [] };
}

export async function askOwn(start: Parameters<typeof startCodex>[0]): Promise<CodexFacts> {
  const { engine, backend, close } = await startCodex(start);
  try {
    const login = await engine.login(start.signal);
    const models = await backend.models(start.signal);
    return { login: { type: login.type, ...describeAccount(login) }, models: models.map(showModel) };
  } finally {
    await close();
  }
}
