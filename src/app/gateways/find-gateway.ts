import { z } from 'zod';
import { StartupError } from '../../base/errors.ts';
import { formatTime } from '../../base/format-text.ts';
import { formatOrigin } from '../config/address.ts';
import type { Settings } from '../config/config.ts';
import { listRunning } from './running-gateways.ts';

/** A gateway that listens on the configured address. */
export interface FoundGateway {
  /** Sends a `GET` with the configured token; resolves to undefined if the gateway refuses that token. */
  ask<T extends z.ZodType>(path: string, shape: T): Promise<z.output<T> | undefined>;
}

/** Milliseconds for an answer; those of a starting gateway wait until it is up. */
const TIMEOUT_MS = 30_000;

/** Milliseconds in which the server on a taken port has to answer. */
const PORT_TIMEOUT_MS = 2_000;

const healthSchema = z.object({ service: z.literal('codex-gateway') });

/** Resolves to undefined if no gateway listens there. Rejects with a `StartupError` if one is silent or answers nonsense. */
export async function findGateway(
  { host, port, token }: Settings,
  signal: AbortSignal,
): Promise<FoundGateway | undefined> {
  const origin = formatOrigin(host, port);
  async function get(path: string, headers: Record<string, string> = {}): Promise<Response> {
    const timeout = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
    return await fetch(`${origin}${path}`, { headers, signal: timeout });
  }
  function silent(cause: unknown): StartupError {
    signal.throwIfAborted();
    return new StartupError(
      `The server on ${origin} does not answer as expected; it may still be starting. Try again.`,
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

/** Returns an error that names the gateway on the configured port; any other error is returned unchanged. */
export async function explainTakenPort(problem: unknown, settings: Settings): Promise<unknown> {
  if (!(problem instanceof StartupError)) return problem;
  if ((problem.cause as NodeJS.ErrnoException | undefined)?.code !== 'EADDRINUSE') return problem;
  const { host, port, stateDirectory } = settings;
  const own = (await listRunning(stateDirectory)).find((record) => record.port === port);
  const advice = 'or choose another port with --port.';
  if (own) {
    return new StartupError(
      `Port ${port} is taken by your codex-gateway, which has been running since ${formatTime(own.since)} (process ${own.pid}); ` +
        `use that one, stop it with \`${own.command} stop --port ${port}\`, ${advice}`,
    );
  }
  const found = await findGateway(settings, AbortSignal.timeout(PORT_TIMEOUT_MS)).catch(() => undefined);
  if (found === undefined) return problem;
  return new StartupError(
    `Port ${port} on ${host} is taken by a codex-gateway that was started with another state folder or by another user; ` +
      `use that one, stop it, ${advice}`,
  );
}
