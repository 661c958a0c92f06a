import { z } from 'zod';
import type { Binary } from '../../codex/process/binary.ts';
import type { CodexEngine } from '../../codex/chat/engine.ts';
import type { Provider } from '../../codex/home/provider.ts';
import { defaultModel, type ModelDirectory } from '../../gateway/models/model-directory.ts';
import type { CopilotAdapter } from '../../upstream/copilot/adapter.ts';
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

export type Status = z.output<typeof statusSchema>;

export interface StatusSources {
  readonly binary: Binary;
  readonly provider: Provider;
  readonly engine: Pick<CodexEngine, 'login'>;
  readonly models: Pick<ModelDirectory, 'list'>;
  /** Undefined if its models are not served. */
  readonly copilot: Pick<CopilotAdapter, 'isSignedIn'> | undefined;
}

async function stateOf(copilot: StatusSources['copilot']): Promise<NonNullable<Status['copilot']>> {
  if (copilot === undefined) return 'off';
  return (await copilot.isSignedIn()) ? 'signed-in' : 'signed-out';
}

export function createStatus({ binary, provider, engine, models, copilot }: StatusSources) {
  return async (signal: AbortSignal) =>
    ({
      version: VERSION,
      codex: binary.version,
      provider: provider.id,
      login: (await engine.login(signal)).type,
      model: defaultModel(await models.list(signal)) ?? '',
      copilot: await stateOf(copilot),
    }) satisfies Status & Record<string, string>;
}
