import { z } from 'zod';
import { StartupError } from '../../base/errors.ts';
import { formatTime } from '../../base/format-text.ts';
import { formatOrigin } from '../config/address.ts';
import type { Settings } from '../config/config.ts';
import type { Target } from './find-target.ts';
import { listRunning, type RunningRecord } from './running-gateways.ts';

/** The gateway of this user that listens on the address of a target. */
export interface FoundGateway {
  readonly record: RunningRecord;
  /** Sends a `GET` with the target's token; resolves to undefined if the gateway refuses that token. */
  ask<T extends z.ZodType>(path: string, shape: T): Promise<z.output<T> | undefined>;
  /** Sends a `POST` in the same way. */
  post<T extends z.ZodType>(path: string, body: object, shape: T): Promise<z.output<T> | undefined>;
}

/** Milliseconds for an answer; those of a starting gateway wait until it is up. */
const TIMEOUT_MS = 30_000;

/** Milliseconds in which the server on a taken port has to answer. */
const PORT_TIMEOUT_MS = 2_000;

const healthSchema = z.object({ service: z.literal('codex-gateway') });

/**
 * Resolves to undefined if no gateway listens there. Rejects with a `StartupError` if one is silent, answers nonsense,
 * or is in no record of this user: any program can answer like a gateway, and would receive the token.
 */
export async function findGateway(
  { settings, running }: Pick<Target, 'settings' | 'running'>,
  signal: AbortSignal,
): Promise<FoundGateway | undefined> {
  if (!(await answersLikeGateway(settings, signal))) return undefined;
  if (running === undefined) throw notYours(settings);
  const { token } = settings;
  const authorization = token && { authorization: `Bearer ${token.value}` };

  async function read<T extends z.ZodType>(sending: Promise<Response>, shape: T) {
    try {
      const response = await sending;
      return response.status === 401 ? undefined : shape.parse(await response.json());
    } catch (error) {
      throw error instanceof StartupError ? error : silent(settings, signal, error);
    }
  }

  return {
    record: running,
    ask: async (path, shape) => await read(send(settings, path, signal, { headers: authorization }), shape),
    async post(path, body, shape) {
      const headers = { ...authorization, 'content-type': 'application/json' };
      const request = { method: 'POST', headers, body: JSON.stringify(body) };
      return await read(send(settings, path, signal, request).then(throwRefusal), shape);
    },
  };
}

const refusalSchema = z.object({ error: z.object({ message: z.string() }) });

/** Throws what the gateway says about a request that it does not let through. */
async function throwRefusal(response: Response): Promise<Response> {
  if (response.status !== 403) return response;
  throw new StartupError(refusalSchema.parse(await response.json()).error.message);
}

async function answersLikeGateway(settings: Settings, signal: AbortSignal): Promise<boolean> {
  try {
    const health: unknown = await (await send(settings, '/healthz', signal)).json();
    return healthSchema.safeParse(health).success;
  } catch (error) {
    if (['AbortError', 'TimeoutError'].includes((error as Error).name)) throw silent(settings, signal, error);
    return false;
  }
}

async function send(
  { host, port }: Settings,
  path: string,
  signal: AbortSignal,
  request: { method?: string; headers?: Record<string, string> | undefined; body?: string } = {},
): Promise<Response> {
  const timeout = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
  const { headers = {}, ...rest } = request;
  return await fetch(`${formatOrigin(host, port)}${path}`, { ...rest, headers, signal: timeout });
}

function silent({ host, port }: Settings, signal: AbortSignal, cause: unknown): StartupError {
  signal.throwIfAborted();
  return new StartupError(
    `The server on ${formatOrigin(host, port)} does not answer as expected; it may still be starting. Try again.`,
    { cause },
  );
}

function notYours({ port }: Settings): StartupError {
  return new StartupError(
    `No gateway of yours runs on port ${port}, and another program answers there. It does not receive your token, even if it ` +
      'is a gateway that another user, state folder or config file started. Stop it, or choose another port with --port.',
  );
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
  const isGateway = await answersLikeGateway(settings, AbortSignal.timeout(PORT_TIMEOUT_MS)).catch(
    () => false,
  );
  if (!isGateway) return problem;
  return new StartupError(
    `Port ${port} on ${host} is taken by a codex-gateway that was started with another state folder or by another user; ` +
      `use that one, stop it, ${advice}`,
  );
}
