import { StartupError } from '../base/errors.ts';
import type { Settings } from './config.ts';
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
      `Port ${port} is taken by your codex-gateway that has run since ${formatTime(own.since)} (process ${own.pid}); ` +
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

/** Milliseconds for a stranger on the port to say who it is. */
const PATIENCE = 2_000;

function formatTime(since: number): string {
  const date = new Date(since);
  const two = (part: number) => String(part).padStart(2, '0');
  const time = `${two(date.getHours())}:${two(date.getMinutes())}`;
  const isToday = date.toDateString() === new Date().toDateString();
  return isToday ? time : `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${time}`;
}
