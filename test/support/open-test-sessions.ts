import { onTestFinished } from 'vitest';
import { createAttachmentFiles } from '../../src/sessions/attachments/attachment-files.ts';
import { createProviders } from '../../src/sessions/providers/providers.ts';
import { createSessions, type Sessions, type SessionsOptions } from '../../src/sessions/sessions.ts';
import { createTurnHistory } from '../../src/sessions/workspace/history/turn-history.ts';
import type { FakeAgent } from './fake-agent.ts';
import { createFakeSessionTools } from './fake-session-tools.ts';
import { openTestStores } from './open-test-stores.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** Folders and a file that outlive a gateway. */
export interface SessionsHome {
  readonly workspace: string;
  readonly state: string;
  readonly storePath: string;
}

export function sessionsHome(): SessionsHome {
  const state = temporaryFolder();
  return { workspace: temporaryFolder(), state, storePath: `${state}/store.sqlite` };
}

export interface TestSessions extends Sessions {
  readonly workspace: string;
  /** Closes the store as well, as a gateway does at its end. */
  stop(): Promise<void>;
  /** Closes the store under the sessions, as the death of a gateway does. */
  die(): void;
}

/** Opens the parts of sessions that keep something, which are closed when the running test ends. */
export async function keepTestSessions(home: SessionsHome) {
  const stores = await openTestStores({ path: home.storePath });
  return {
    store: stores.sessionsFor('test-token-of-this-suite', false),
    history: createTurnHistory({
      folder: `${home.state}/turns`,
      limits: { files: 20_000, bytes: 2e8, fileBytes: 5e7, days: 14 },
      leftOut: [],
    }),
    closeStore: stores.close,
  };
}

/** Opens sessions over an agent that a test plays; they are closed when the running test ends. */
export async function openTestSessions(
  { engine }: Pick<FakeAgent, 'engine'>,
  { home = sessionsHome(), ...options }: Partial<SessionsOptions> & { readonly home?: SessionsHome } = {},
): Promise<TestSessions> {
  const { closeStore, ...kept } = await keepTestSessions(home);
  const sessions = createSessions({
    engine,
    ...kept,
    providers: createProviders({ workspace: home.workspace, findCopilot: async () => undefined }),
    tools: createFakeSessionTools(),
    files: createAttachmentFiles(`${home.state}/attachments`),
    roots: [home.workspace],
    maxConcurrentTurns: 4,
    maxQueuedTurns: 40,
    approvals: { timeoutMs: 60_000, forbidden: [], readOnly: [], allowsUnsandboxed: false },
    turnTimeoutMs: 60_000,
    ...options,
  });
  async function stop(): Promise<void> {
    await sessions.close();
    closeStore();
  }
  onTestFinished(stop);
  await sessions.recover();
  return { ...sessions, workspace: home.workspace, stop, die: closeStore };
}

/** Patience for what a loaded machine does late. */
export const PATIENT = { timeout: 10_000, interval: 5 };
