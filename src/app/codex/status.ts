import { z } from 'zod';
import { withTimeout } from '../../base/async/with-timeout.ts';
import type { Binary } from '../../codex/process/binary.ts';
import type { CodexEngine } from '../../codex/chat/engine.ts';
import type { Login } from '../../codex/process/connect-app-server.ts';
import type { Provider } from '../../codex/home/provider.ts';
import type { Figures } from './figures.ts';
import { defaultModel, type ModelDirectory } from '../../gateway/models/model-directory.ts';
import type { CopilotAdapter } from '../../upstream/copilot/adapter.ts';
import { describeAccount, describeLimits, usageSchema } from './usage-report.ts';
import { VERSION } from '../config/version.ts';

/** The part of `GET /status` that `doctor` reads. */
export const statusSchema = z.object({
  provider: z.string(),
  login: z.enum(['account', 'signed-out', 'not-needed', 'unknown']),
  /** The default model. */
  model: z.string(),
  /** The login of GitHub Copilot. Earlier versions do not have it. */
  copilot: z.enum(['signed-in', 'signed-out', 'off']).optional(),
});

/** The part of `GET /status` that the command `status` reads. */
export const figuresSchema = z.object({
  version: z.string(),
  account: usageSchema.shape.account,
  limits: usageSchema.shape.limits,
  turns: z.object({ running: z.number(), waiting: z.number() }),
  last_hour: z.object({ requests: z.number(), errors: z.number() }),
  /** Bytes. */
  memory: z.object({ gateway: z.number(), child: z.number() }),
});

export type Status = z.output<typeof statusSchema>;

export type StatusFigures = z.output<typeof figuresSchema>;

export interface StatusSources {
  readonly binary: Binary;
  readonly provider: Provider;
  readonly engine: Pick<CodexEngine, 'login' | 'limits'>;
  readonly figures: Figures;
  /** The login and the default model at the start, which hold until Codex tells others. */
  readonly login: Login;
  readonly model: string;
  readonly models: Pick<ModelDirectory, 'list'>;
  /** Undefined if its models are not served. */
  readonly copilot: Pick<CopilotAdapter, 'isSignedIn'> | undefined;
}

async function stateOf(copilot: StatusSources['copilot']): Promise<NonNullable<Status['copilot']>> {
  if (copilot === undefined) return 'off';
  return (await copilot.isSignedIn()) ? 'signed-in' : 'signed-out';
}

/** Milliseconds for what Codex or the disk has to say; after that, what was said before holds. */
const PATIENCE_MS = 500;

/** Keeps the latest value of a source that may be slow or fail. */
function createMemory<T>(first: T): (read: Promise<T>) => Promise<T> {
  let latest = first;
  return async (read) => {
    const value = await withTimeout(read, PATIENCE_MS).catch(() => 'timeout' as const);
    if (value !== 'timeout') latest = value;
    return latest;
  };
}

/** Returns a function that reports the state of the moment at once, also while Codex does not run. */
export function createStatus(sources: StatusSources) {
  const { binary, provider, engine, models, copilot, figures } = sources;
  const keepLogin = createMemory(sources.login);
  const keepModel = createMemory(sources.model);
  const keepCopilot = createMemory<NonNullable<Status['copilot']>>('signed-out');
  const keepMemory = createMemory(0);
  return async (signal: AbortSignal) => {
    const [login, model, copilotState, childMemory] = await Promise.all([
      keepLogin(engine.login(signal)),
      keepModel(models.list(signal).then((list) => defaultModel(list) ?? '')),
      keepCopilot(stateOf(copilot)),
      keepMemory(figures.childMemoryBytes()),
    ]);
    return {
      version: VERSION,
      codex: binary.version,
      provider: provider.id,
      login: login.type,
      model,
      copilot: copilotState,
      ...describeAccount(login),
      limits: describeLimits(engine.limits()),
      turns: figures.turns(),
      last_hour: figures.lastHour(),
      memory: { gateway: figures.ownMemoryBytes(), child: childMemory },
    } satisfies Status & StatusFigures & Record<string, unknown>;
  };
}
