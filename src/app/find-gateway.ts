import { z } from 'zod';
import { StartupError } from '../base/errors.ts';
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

/** Milliseconds; while a gateway starts, its answers wait. */
const PATIENCE = 30_000;

const healthSchema = z.object({ service: z.literal('codex-gateway') });

/** Looks who listens on the configured address. Throws a `StartupError` where that one answers nothing, or nonsense. */
export async function findGateway({ host, port, token }: Settings): Promise<Listener> {
  const origin = formatOrigin(host, port);
  async function get(path: string, headers: Record<string, string> = {}): Promise<Response> {
    return await fetch(`${origin}${path}`, { headers, signal: AbortSignal.timeout(PATIENCE) });
  }
  const silent = (cause: unknown) =>
    new StartupError(
      `What listens on ${origin} does not answer as it should; it may still be starting. Try again.`,
      {
        cause,
      },
    );

  let health: unknown;
  try {
    health = await (await get('/healthz')).json();
  } catch (error) {
    if ((error as Error).name === 'TimeoutError') throw silent(error);
    const { code } = ((error as Error).cause ?? {}) as NodeJS.ErrnoException;
    return { type: port === 0 || code === 'ECONNREFUSED' ? 'nobody' : 'other' };
  }
  if (!healthSchema.safeParse(health).success) return { type: 'other' };
  return {
    type: 'gateway',
    async ask(path, shape) {
      try {
        const response = await get(path, token && { authorization: `Bearer ${token.value}` });
        return response.status === 401 ? undefined : shape.parse(await response.json());
      } catch (error) {
        throw silent(error);
      }
    },
  };
}
