import { StartupError } from '../../base/errors.ts';
import { formatTime } from '../../base/format-text.ts';
import type { Settings } from '../config/config.ts';
import { findGateway } from './find-gateway.ts';
import { listRunning } from './running-gateways.ts';

/** Names the gateway that has the configured port, if it is one; returns any other error as it is. */
export async function explainTakenPort(problem: unknown, settings: Settings): Promise<unknown> {
  if (!(problem instanceof StartupError)) return problem;
  if ((problem.cause as NodeJS.ErrnoException | undefined)?.code !== 'EADDRINUSE') return problem;
  const { host, port, stateDirectory } = settings;
  const own = (await listRunning(stateDirectory)).find((record) => record.port === port);
  const advice = 'or choose another port with --port.';
  if (own) {
    return new StartupError(
      `Port ${port} is taken by your codex-gateway, which has been running since ${formatTime(own.since)} (process ${own.pid}); ` +
        `use that one, stop it with \`kill ${own.pid}\`, ${advice}`,
    );
  }
  const found = await findGateway(settings, AbortSignal.timeout(PATIENCE)).catch(() => undefined);
  if (found === undefined) return problem;
  return new StartupError(
    `Port ${port} on ${host} is taken by a codex-gateway that was started with another state folder or by another user; ` +
      `use that one, stop it, ${advice}`,
  );
}

/** Milliseconds that the server on the port has to answer. */
const PATIENCE = 2_000;
