import { z } from 'zod';
import type { Binary } from '../codex/binary.ts';
import type { CodexEngine } from '../codex/engine.ts';
import type { Provider } from '../codex/provider.ts';
import { VERSION } from './version.ts';

/** What `GET /status` tells, as far as `doctor` reads it. */
export const statusSchema = z.object({
  provider: z.string(),
  login: z.enum(['account', 'signed-out', 'not-needed', 'unknown']),
});

export type Status = z.output<typeof statusSchema>;

export function createStatus(
  { binary, provider }: { binary: Binary; provider: Provider },
  engine: CodexEngine,
) {
  return async (signal: AbortSignal) =>
    ({
      version: VERSION,
      codex: binary.version,
      provider: provider.id,
      login: (await engine.login(signal)).type,
    }) satisfies Status & Record<string, string>;
}
