import { abortable } from '../../base/async/abort.ts';
import { GatewayError, messageOf, shuttingDown, StartupError } from '../../base/errors.ts';
import { loginFile } from '../home/private-home.ts';
import { stampFiles } from '../home/set-up-stamp.ts';
import type { AppServerSize } from '../runtime/app-server-size.ts';
import { startInstanceManager, type InstanceManager } from '../runtime/instance-manager.ts';
import { watchSize } from '../runtime/watch-size.ts';
import type { AgentServer } from './agent-child.ts';
import { startAgentInstance, type AgentInstance, type AgentInstanceOptions } from './agent-instance.ts';

export interface AgentPlacesOptions extends AgentInstanceOptions {
  /** Sizes above which an app-server is replaced; undefined for any size. */
  readonly sizeLimits?: AppServerSize | undefined;
}

/** A running app-server that somebody uses. */
export interface AgentPlace {
  readonly server: AgentServer;
  /** Returns true once another app-server has taken over. */
  isRetired(): boolean;
  release(): void;
}

/** The app-servers for agents: one in charge, which starts when it is needed first, and retired ones that are still used. */
export interface AgentPlaces {
  /** Returns true once somebody has needed an app-server. */
  isStarted(): boolean;
  acquire(signal: AbortSignal): Promise<AgentPlace>;
  close(): Promise<void>;
}

export function createAgentPlaces(options: AgentPlacesOptions): AgentPlaces {
  const { codexHome, sizeLimits, observer } = options;
  const closing = new AbortController();
  let starting: Promise<InstanceManager<AgentInstance>> | undefined;
  let unwatch = () => {};

  async function start(): Promise<InstanceManager<AgentInstance>> {
    const manager = await startInstanceManager({
      observer,
      signal: closing.signal,
      start: async (signal) => await startAgentInstance(options, signal),
      stamp: async () => await stampFiles([loginFile(codexHome)]),
    });
    if (sizeLimits !== undefined) unwatch = watchSize(manager, sizeLimits, observer);
    return manager;
  }

  async function find(): Promise<InstanceManager<AgentInstance>> {
    const awaited = (starting ??= start());
    try {
      return await awaited;
    } catch (error) {
      // A start that failed is tried again with the next request.
      if (starting === awaited) starting = undefined;
      if (!(error instanceof StartupError)) throw error;
      observer.observe({ type: 'app-server-start-failed', problem: messageOf(error), delayMs: 0 });
      const message = 'Codex cannot be started for agents at the moment; the log says why.';
      throw new GatewayError('codex_unavailable', message, { cause: error, retryAfter: 5 });
    }
  }

  return {
    isStarted: () => starting !== undefined,
    async acquire(signal) {
      closing.signal.throwIfAborted();
      const { instance, release } = await (await abortable(find(), signal)).acquire(signal);
      try {
        const server = await instance.current(signal);
        let isHeld = true;
        return {
          server,
          isRetired: instance.isRetired,
          release() {
            if (isHeld) release();
            isHeld = false;
          },
        };
      } catch (error) {
        release();
        throw error;
      }
    },
    async close() {
      closing.abort(shuttingDown());
      const manager = await starting?.catch(() => undefined);
      unwatch();
      await manager?.close();
    },
  };
}
