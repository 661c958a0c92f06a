import type { AgentEngine } from '../../conversation/ports/agent.ts';
import type { SessionAccount } from '../../sessions/account/account.ts';
import type { Providers } from '../../sessions/providers/providers.ts';
import type { Sessions } from '../../sessions/sessions.ts';
import type { WorkspaceRoots } from '../../sessions/workspace/roots.ts';

/** The parts that the routes of agent sessions serve. */
export interface SessionService {
  readonly sessions: Sessions;
  readonly providers: Providers;
  readonly account: SessionAccount;
  readonly roots: WorkspaceRoots;
  /** Real paths of the folders below which workspaces may lie. */
  readonly rootFolders: readonly string[];
  readonly threads: Pick<AgentEngine, 'findThread' | 'listThreads'>;
  /** The command that runs Codex, as clients of a bridge see it. */
  readonly codexCommand: string;
  readonly codexHome: string;
}
