import { z } from 'zod';
import type { Binary } from '../../codex/process/binary.ts';
import type { CodexEngine } from '../../codex/chat/engine.ts';
import type { Provider } from '../../codex/home/provider.ts';
import { defaultModel, type ModelDirectory } from '../../gateway/models/model-directory.ts';
import { VERSION } from '../config/version.ts';

/** The part of `GET /status` that `doctor` reads. */
export const statusSchema = z.object({
  provider: z.string(),
  login: z.enum(['account', 'signed-out', 'not-needed', 'unknown']),
  /** The default model. */
  model: z.string(),
});

export type Status = z.output<typeof statusSchema>;

export interface StatusSources {
  readonly binary: Binary;
  readonly provider: Provider;
  readonly engine: Pick<CodexEngine, 'login'>;
  readonly models: Pick<ModelDirectory, 'list'>;
}

export function createStatus({ binary, provider, engine, models }: StatusSources) {
  return async (signal: AbortSignal) =>
    ({
      version: VERSION,
      codex: binary.version,
      provider: provider.id,
      login: (await engine.login(signal)).type,
      model: defaultModel(await models.list(signal)) ?? '',
    }) satisfies Status & Record<string, string>;
}
