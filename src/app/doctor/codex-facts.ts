import type { FoundGateway } from '../gateways/find-gateway.ts';
import { listSchema, showModel, type ListedModel } from '../inquiries/list-models.ts';
import { startCodex } from '../codex/start-codex.ts';
import type { Status } from '../codex/status.ts';
import { describeAccount, usageSchema } from '../codex/usage-report.ts';
import type { Login } from '../../codex/process/connect-app-server.ts';

/** The gateway that listens on the port, and its status. */
export interface Running {
  readonly gateway: FoundGateway;
  readonly status: Status;
  /** True if it serves the demo model. */
  readonly demo: boolean;
}

export interface LoginFacts {
  readonly type: Login['type'];
  /** As in the answer to `GET /v1/usage`. */
  readonly account: string | null;
  readonly plan: string | null;
}

/** Facts from the Codex behind the running gateway, or from one that was started for this check. */
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
