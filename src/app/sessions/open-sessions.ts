import { realpath } from 'node:fs/promises';
import type { Observer } from '../../base/observation.ts';
import { createAgentEngine } from '../../codex/agent/agent-engine.ts';
import { createSessions, type Sessions } from '../../sessions/sessions.ts';
import type { Environment, Settings } from '../config/config.ts';
import { VERSION } from '../config/version.ts';
import { openAgentHome, type DemoAgent } from './agent-home.ts';

export interface OpenSessionsOptions {
  readonly settings: Settings;
  readonly environment: Environment;
  /** Path of the codex binary. */
  readonly binary: string;
  readonly observer: Observer;
  /** The demo, whose agent has nothing of the user's Codex. */
  readonly demo: DemoAgent | undefined;
}

/** Opens the agent sessions; returns undefined if nobody has named a folder for them. Nothing is started yet. */
export async function openSessions(options: OpenSessionsOptions): Promise<Sessions | undefined> {
  const { settings, environment, binary, observer, demo } = options;
  const { sessions } = settings;
  if (sessions.roots.length === 0) return undefined;
  const roots = await Promise.all(sessions.roots.map(async (root) => await realpath(root)));
  const home = await openAgentHome(settings, environment, demo);
  const engine = createAgentEngine({
    binary,
    codexHome: home.codexHome,
    environment: home.environment,
    workingDirectory: roots[0]!,
    clientVersion: VERSION,
    observer,
  });
  const { maxConcurrentTurns, maxQueuedTurns, approvalTimeout } = sessions;
  const opened = createSessions({
    engine,
    roots,
    maxConcurrentTurns,
    maxQueuedTurns,
    approvalTimeoutMs: approvalTimeout * 1000,
  });
  return {
    ...opened,
    async close() {
      await opened.close();
      await home.remove();
    },
  };
}
