import { z } from 'zod';
import type { Binary } from '../../codex/process/binary.ts';
import type { CodexEngine } from '../../codex/chat/engine.ts';
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
  readonly models: Pick<ModelDirectory, 'list'>;
  /** Undefined if its models are not served. */
  readonly copilot: Pick<CopilotAdapter, 'isSignedIn'> | undefined;
}

async function stateOf(copilot: StatusSources['copilot']): Promise<NonNullable<Status['copilot']>> {
  if (copilot === undefined) return 'off';
  return (await copilot.isSignedIn()) ? 'signed-in' : 'signed-out';
}

export function createStatus({ binary, provider, engine, models, copilot, figures }: StatusSources) {
  return async (signal: AbortSignal) => {
    const login = await engine.login(signal);
    return {
      version: VERSION,
      codex: binary.version,
      provider: provider.id,
      login: login.type,
      model: defaultModel(await models.list(signal)) ?? '',
      copilot: await stateOf(copilot),
      account: describeAccount(login).account,
      limits: describeLimits(engine.limits()),
      turns: figures.turns(),
      last_hour: figures.lastHour(),
      memory: { gateway: figures.ownMemoryBytes(), child: await figures.childMemoryBytes() },
    } satisfies Status & StatusFigures & Record<string, unknown>;
  };
}
