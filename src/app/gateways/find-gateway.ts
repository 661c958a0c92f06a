import { z } from 'zod';
import { StartupError } from '../../base/errors.ts';
import { formatOrigin } from '../config/address.ts';
import type { Settings } from '../config/config.ts';

/** A gateway that listens on the configured address. */
export interface FoundGateway {
  /** `GET` with the configured token; undefined where that is not the gateway's. */
  ask<T extends z.ZodType>(path: string, shape: T): Promise<z.output<T> | undefined>;
}

/** Milliseconds; while a gateway starts, its answers wait. */
const PATIENCE = 30_000;

const healthSchema = z.object({ service: z.literal('codex-gateway') });

/** Undefined where nobody listens, or somebody else. Throws a `StartupError` for one that is silent, or talks nonsense. */
export async function findGateway(
  { host, port, token }: Settings,
  signal: AbortSignal,
): Promise<FoundGateway | undefined> {
  const origin = formatOrigin(host, port);
  async function get(path: string, headers: Record<string, string> = {}): Promise<Response> {
    const patience = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)]);
    return await fetch(`${origin}${path}`, { headers, signal: patience });
  }
  function silent(cause: unknown): StartupError {
    signal.throwIfAborted();
    return new StartupError(
      `What listens on ${origin} does not answer as it should; it may still be starting. Try again.`,
      { cause },
    );
  }

  let health: unknown;
  try {
    health = await (await get('/healthz')).json();
  } catch (error) {
    if (['AbortError', 'TimeoutError'].includes((error as Error).name)) throw silent(error);
    return undefined;
  }
  if (!healthSchema.safeParse(health).success) return undefined;
  return {
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
