import { findRunning, supervise } from '../process/supervisor.ts';
import type { ManagedInstance } from '../runtime/instance-manager.ts';
import type { CodexInstance } from '../runtime/instance.ts';
import { closeWhenUnused } from '../runtime/use-count.ts';
import { endAbandonedSandboxes } from './abandoned-sandboxes.ts';
import { startAgentChild, type AgentChildOptions, type AgentServer } from './agent-child.ts';
import type { ProfileLimits } from './permission-profiles.ts';

export interface AgentInstanceOptions extends AgentChildOptions, Pick<ProfileLimits, 'forbidden'> {}

/** A supervised app-server for agents. Another one takes over when it has grown too large, or the login changes. */
export interface AgentInstance extends ManagedInstance, Pick<CodexInstance<unknown>, 'size' | 'isRetired'> {
  /** Resolves to the running app-server; waits while it is started again. */
  current(signal: AbortSignal): Promise<AgentServer>;
}

/** Starts an instance; rejects with a `StartupError` when that fails. */
export async function startAgentInstance(
  options: AgentInstanceOptions,
  signal: AbortSignal,
): Promise<AgentInstance> {
  const { forbidden, ...child } = options;
  const supervisor = await supervise({
    async start(ending: AbortSignal) {
      await endAbandonedSandboxes(forbidden);
      return await startAgentChild(child, AbortSignal.any([ending, signal]));
    },
    observer: options.observer,
  });
  const close = async () => {
    await supervisor.close();
    await endAbandonedSandboxes(forbidden);
  };
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
    ...closeWhenUnused(close),
    close,
  };
}
