import type { AgentEngine, AgentListener, ThreadOptions } from '../../conversation/ports/agent.ts';
import { endAbandonedSandboxes } from './abandoned-sandboxes.ts';
import type { AgentServer } from './agent-child.ts';
import { explained } from './agent-errors.ts';
import { threadParams, type AgentLimits } from './agent-parameters.ts';
import { createAgentPlaces, type AgentPlacesOptions } from './agent-places.ts';
import { findThread, listThreads } from './kept-threads.ts';
import { createMountPoints } from './mount-points.ts';
import { findNestedRepositories } from './nested-repositories.ts';
import { openThread, resumeThread, type Opening } from './open-thread.ts';
import { readThreadMessages } from './thread-messages.ts';
import { decodeModels, readAgentAccount, startAgentLogin } from './user-set-up.ts';

export interface AgentEngineOptions extends AgentPlacesOptions, AgentLimits {}

/** Creates the engine of agent sessions. Its app-server starts when it is needed first. */
export function createAgentEngine(options: AgentEngineOptions): AgentEngine {
  const places = createAgentPlaces(options);
  const mountPoints = createMountPoints(options);
  // A gateway that was killed may have left them.
  const swept = endAbandonedSandboxes(options.forbidden);

  async function ask<T>(signal: AbortSignal, work: (server: AgentServer) => Promise<T>): Promise<T> {
    const { server, release } = await places.acquire(signal);
    try {
      return await explained(options.observer, async () => await work(server));
    } finally {
      release();
    }
  }

  const opening = async (
    thread: ThreadOptions,
    listener: AgentListener,
    signal: AbortSignal,
  ): Promise<Opening> => {
    const describe = () => describeThread(thread, options);
    const params = await describe();
    const tools = thread.tools?.name;
    return { places, params, describe, listener, mountPoints, isNew: false, tools, signal };
  };

  return {
    isStarted: places.isStarted,
    async start(thread, listener, signal) {
      const given = { ...(await opening(thread, listener, signal)), isNew: true };
      return await openThread(given, (connection) => connection.request('thread/start', given.params));
    },
    async resume(threadId, thread, listener, signal) {
      const given = await opening(thread, listener, signal);
      return await openThread(given, (connection) => resumeThread(connection, threadId, given.params));
    },
    async fork(threadId, { lastTurnId, ...thread }, listener, signal) {
      // Codex would give it the model of its configuration.
      const source = await ask(signal, ({ connection }) => findThread(connection, threadId));
      const model = thread.model ?? source?.model ?? undefined;
      const given = await opening({ ...thread, model }, listener, signal);
      const last = lastTurnId === undefined ? {} : { lastTurnId };
      const params = { threadId, ...last, excludeTurns: true, ...given.params };
      return await openThread(given, (connection) => connection.request('thread/fork', params));
    },
    listThreads: (query, signal) => ask(signal, ({ connection }) => listThreads(connection, query)),
    findThread: (threadId, signal) => ask(signal, ({ connection }) => findThread(connection, threadId)),
    readMessages: (threadId, limit, signal) =>
      ask(signal, ({ connection }) => readThreadMessages(connection, threadId, limit)),
    listModels: (signal) => ask(signal, async ({ models }) => decodeModels(models)),
    readAccount: (signal) => ask(signal, ({ connection }) => readAgentAccount(connection)),
    startLogin: (signal) => startAgentLogin(options, signal),
    async close() {
      await places.close();
      await swept;
    },
  };
}

/** Returns the parameters of a thread, by what is in its workspace now. */
async function describeThread(thread: ThreadOptions, limits: AgentLimits) {
  const repositories = await findNestedRepositories(thread.workspace);
  return await threadParams(thread, { ...limits, readOnly: [...limits.readOnly, ...repositories] });
}
