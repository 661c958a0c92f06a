import { StartupError } from '../../base/errors.ts';
import type { Target } from './find-target.ts';
import type { RunningRecord } from './running-gateways.ts';

/** Says how to ask a running gateway whose token only its starter knows. */
export function tokenKeptNowhere({ port, pid }: Pick<RunningRecord, 'port' | 'pid'>): StartupError {
  return new StartupError(
    `The gateway on port ${port} (pid ${pid}) was started with a token that is kept nowhere; give the same one with --token or CODEX_GATEWAY_TOKEN.`,
  );
}

/** Throws a `StartupError` if the target runs and its token is not known. */
export function requireToken({ settings, running }: Pick<Target, 'settings' | 'running'>): void {
  if (running && !settings.token) throw tokenKeptNowhere(running);
}
