import { realpath } from 'node:fs/promises';
import type { Observer } from '../../base/observation.ts';
import { createAgentEngine } from '../../codex/agent/agent-engine.ts';
import { createSessions, type Sessions } from '../../sessions/sessions.ts';
import { codexHomePath, type Environment, type Settings } from '../config/config.ts';
import { VERSION } from '../config/version.ts';
import { agentEnvironment } from './agent-environment.ts';

export interface OpenSessionsOptions {
  readonly settings: Settings;
  readonly environment: Environment;
  /** Path of the codex binary. */
  readonly binary: string;
  readonly observer: Observer;
}

/** Opens the agent sessions; returns undefined if nobody has named a folder for them. Nothing is started yet. */
export async function openSessions(options: OpenSessionsOptions): Promise<Sessions | undefined> {
  const { settings, environment, binary, observer } = options;
  const { sessions } = settings;
  if (sessions.roots.length === 0) return undefined;
  const roots = await Promise.all(sessions.roots.map(async (root) => await realpath(root)));
  const engine = createAgentEngine({
    binary,
    codexHome: codexHomePath(environment),
    environment: agentEnvironment(environment, settings.token?.value),
    workingDirectory: roots[0]!,
    clientVersion: VERSION,
    observer,
  });
  const { maxConcurrentTurns, maxQueuedTurns, approvalTimeout } = sessions;
  return createSessions({
    engine,
    roots,
    maxConcurrentTurns,
    maxQueuedTurns,
    approvalTimeoutMs: approvalTimeout * 1000,
  });
}
