import { realpath, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { StartupError } from '../../base/errors.ts';
import type { Observer } from '../../base/observation.ts';
import { createAgentEngine } from '../../codex/agent/agent-engine.ts';
import type { SessionStore } from '../../conversation/ports/session-store.ts';
import type { SessionService } from '../../http/sessions/session-service.ts';
import { createAccount } from '../../sessions/account/account.ts';
import { createAttachmentFiles, type AttachmentFiles } from '../../sessions/attachments/attachment-files.ts';
import { createProviders, type ProvidersOptions } from '../../sessions/providers/providers.ts';
import { createSessions } from '../../sessions/sessions.ts';
import { createTurnHistory } from '../../sessions/workspace/history/turn-history.ts';
import { createRoots } from '../../sessions/workspace/roots.ts';
import { findHome, type Environment, type Settings } from '../config/config.ts';
import { VERSION } from '../config/version.ts';
import { openAgentHome, type DemoAgent } from './agent-home.ts';
import { createGatewayTools, type GatewayToolsOptions } from './gateway-tools.ts';
import { attachmentsFolder, gatewayPlaces, resolveLinks, withTargets } from './gateway-places.ts';
import { readTurnLimits } from './turn-limits.ts';

export interface OpenedSessions extends SessionService {
  close(): Promise<void>;
}

export interface OpenSessionsOptions extends Pick<ProvidersOptions, 'findCopilot'> {
  readonly settings: Settings;
  readonly environment: Environment;
  /** Path of the codex binary. */
  readonly binary: string;
  readonly observer: Observer;
  readonly gateway: GatewayToolsOptions;
  openStore(): Promise<SessionStore>;
  /** The demo, whose agent has nothing of the user's Codex. */
  readonly demo: DemoAgent | undefined;
}

/** Opens the agent sessions; returns undefined if nobody has named a folder for them. Nothing is started yet. */
export async function openSessions(options: OpenSessionsOptions): Promise<OpenedSessions | undefined> {
  const { settings, environment, binary, observer, findCopilot, demo } = options;
  const { sessions: limits } = settings;
  if (limits.roots.length === 0) return undefined;
  const roots = await Promise.all(limits.roots.map((root) => findRoot(root, findHome(environment))));
  const forbidden = await gatewayPlaces(settings, environment);
  const home = await openAgentHome(settings, environment, { demo, origin: options.gateway.origin });
  const { codexHome } = home;
  const places = { forbidden, readOnly: await withTargets([codexHome, attachmentsFolder(settings)]) };
  const engine = createAgentEngine({
    binary,
    codexHome,
    environment: home.environment,
    workingDirectory: roots[0]!,
    clientVersion: VERSION,
    ...places,
    forbidden: await resolveLinks(forbidden),
    mayEscalate: limits.unsandboxed,
    sizeLimits: { memoryBytes: settings.child.maxMemoryBytes, logBytes: settings.child.maxLogBytes },
    observer,
  });
  // The demo leaves nothing of its run.
  const turnsFolder = join(demo === undefined ? settings.stateDirectory : codexHome, 'turns');
  const store = await options.openStore();
  const providers = createProviders({ workspace: roots[0]!, findCopilot });
  const files = createAttachmentFiles(attachmentsFolder(settings));
  const account = createAccount(engine);
  const sessions = createSessions({
    engine,
    store,
    history: createTurnHistory({ folder: turnsFolder, limits: limits.undo, leftOut: forbidden }),
    providers,
    tools: createGatewayTools(options.gateway),
    files,
    roots,
    ...readTurnLimits(limits, environment),
    approvals: { ...places, timeoutMs: limits.approvalTimeout * 1000, allowsUnsandboxed: limits.unsandboxed },
    turnTimeoutMs: settings.deadlines.turn * 1000,
    onBroken: (problem) => observer.observe({ type: 'session-turn-broken', problem }),
  });
  // In the background: whatever a killed gateway has left is found without it too.
  sessions.recover().catch(() => {});
  const tidying = tidyFiles(files, store, demo === undefined && settings.store !== false);
  return {
    sessions,
    providers,
    account,
    roots: createRoots(roots, forbidden),
    rootFolders: roots,
    threads: engine,
    codexCommand: basename(binary),
    codexHome,
    async close() {
      await account.close();
      await sessions.close();
      await tidying.close();
      await home.remove();
    },
  };
}

const TIDY_MS = 86_400_000;

/**
 * Removes the files of sessions that are gone, now and once a day. Sessions that are in memory alone end with the process, and a process
 * that has only those does not know which others there are.
 */
function tidyFiles(files: AttachmentFiles, store: SessionStore, isStored: boolean) {
  const prune = () => void files.prune((id) => store.hasSession(id)).catch(() => {});
  if (isStored) prune();
  const timer = isStored ? setInterval(prune, TIDY_MS).unref() : undefined;
  return {
    async close() {
      clearInterval(timer);
      if (!isStored) await files.forgetAll().catch(() => {});
    },
  };
}

async function findRoot(path: string, home: string): Promise<string> {
  try {
    const root = await realpath(path.replace(/^~(?=\/|$)/, () => home));
    if ((await stat(root)).isDirectory()) return root;
  } catch {
    // It is missing, or cannot be reached.
  }
  throw new StartupError(
    `There is no folder ${path} for agent sessions; create it, or change "sessions": {"roots": [...]} or --workspace.`,
  );
}
