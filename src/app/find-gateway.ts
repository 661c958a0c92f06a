import { z } from 'zod';
import { formatOrigin } from './address.ts';
import type { Settings } from './config.ts';

/** What listens where the gateway would. */
export type Listener =
  | { readonly type: 'nobody' | 'other' }
  | {
      readonly type: 'gateway';
      /** `GET` with the configured token; undefined where that is not the gateway's. */
      ask<T extends z.ZodType>(path: string, shape: T): Promise<z.output<T> | undefined>;
    };

/** Milliseconds; the answer may have to wait while Codex starts. */
const PATIENCE = 10_000;

const healthSchema = z.object({ service: z.literal('codex-gateway') });

/** Looks who listens on the configured address. */
export async function findGateway({ host, port, token }: Settings): Promise<Listener> {
  const origin = formatOrigin(host, port);
  const get = (path: string, headers: Record<string, string> = {}) =>
    fetch(`${origin}${path}`, { headers, signal: AbortSignal.timeout(PATIENCE) });
  let health: unknown;
  try {
    health = await (await get('/healthz')).json();
  } catch (error) {
    const { code } = ((error as Error).cause ?? {}) as NodeJS.ErrnoException;
    return { type: port === 0 || code === 'ECONNREFUSED' ? 'nobody' : 'other' };
  }
  if (!healthSchema.safeParse(health).success) return { type: 'other' };
  return {
    type: 'gateway',
    async ask(path, shape) {
      const response = await get(path, token && { authorization: `Bearer ${token.value}` });
      return response.ok ? shape.parse(await response.json()) : undefined;
    },
  };
}
