import { findRunning, supervise } from '../process/supervisor.ts';
import type { ManagedInstance } from '../runtime/instance-manager.ts';
import type { CodexInstance } from '../runtime/instance.ts';
import { closeWhenUnused } from '../runtime/use-count.ts';
import { startAgentChild, type AgentChildOptions, type AgentServer } from './agent-child.ts';

/** A supervised app-server for agents. Another one takes over when it has grown too large, or the login changes. */
export interface AgentInstance extends ManagedInstance, Pick<CodexInstance<unknown>, 'size' | 'isRetired'> {
  /** Resolves to the running app-server; waits while it is started again. */
  current(signal: AbortSignal): Promise<AgentServer>;
}

/** Starts an instance; rejects with a `StartupError` when that fails. */
export async function startAgentInstance(
  options: AgentChildOptions,
  signal: AbortSignal,
): Promise<AgentInstance> {
  const supervisor = await supervise({
    start: async (ending: AbortSignal) => await startAgentChild(options, AbortSignal.any([ending, signal])),
    observer: options.observer,
  });
  return {
    current: supervisor.current,
    async size() {
      const server = await findRunning(supervisor);
      // The log is the user's own, which another app-server would go on with.
      return { memoryBytes: (await server?.residentBytes()) ?? 0, logBytes: 0 };
    },
    // It works in the user's own home and catalog.
    isProvisional: false,
    hasLostHome: async () => false,
    catchUp: async () => false,
    ...closeWhenUnused(supervisor.close),
    close: supervisor.close,
  };
}
