import type { AgentAccount } from '../../conversation/ports/agent-home.ts';
import type { AgentEngine } from '../../conversation/ports/agent.ts';
import { supervise, type Supervisor } from '../process/supervisor.ts';
import type { Connection } from '../protocol/connection.ts';
import { startDeviceLogin } from '../runtime/device-login.ts';
import { startAgentChild, type AgentChildOptions, type AgentServer } from './agent-child.ts';
import { explained } from './agent-errors.ts';
import { threadParams, type AgentLimits } from './agent-parameters.ts';
import { openThread } from './agent-thread.ts';
import { findThread, listThreads } from './kept-threads.ts';

export interface AgentEngineOptions extends AgentChildOptions, AgentLimits {}

/** Creates the engine of agent sessions. Its app-server starts with the first thread. */
export function createAgentEngine(options: AgentEngineOptions): AgentEngine {
  let starting: Promise<Supervisor<AgentServer>> | undefined;

  async function current(signal: AbortSignal): Promise<AgentServer> {
    starting ??= supervise({
      start: async (ending: AbortSignal) => await startAgentChild(options, ending),
      observer: options.observer,
    });
    try {
      return await (await starting).current(signal);
    } catch (error) {
      // A start that failed is tried again with the next request.
      const failed = starting;
      await failed?.catch(() => {
        if (starting === failed) starting = undefined;
      });
      throw error;
    }
  }

  /** Asks the running app-server; starts one if there is none. */
  async function ask<T>(signal: AbortSignal, work: (server: AgentServer) => Promise<T>): Promise<T> {
    const server = await current(signal);
    return await explained(async () => await work(server));
  }

  return {
    start: async (thread, listener, signal) =>
      await ask(signal, async (server) =>
        openThread(
          server,
          await server.connection.request('thread/start', threadParams(thread, options)),
          listener,
        ),
      ),
    resume: async (threadId, thread, listener, signal) =>
      await ask(signal, async (server) => {
        const params = { threadId, excludeTurns: true, ...threadParams(thread, options) };
        return openThread(server, await server.connection.request('thread/resume', params), listener);
      }),
    fork: async (threadId, { lastTurnId, ...thread }, listener, signal) =>
      await ask(signal, async (server) => {
        const last = lastTurnId === undefined ? {} : { lastTurnId };
        const params = { threadId, ...last, excludeTurns: true, ...threadParams(thread, options) };
        return openThread(server, await server.connection.request('thread/fork', params), listener);
      }),
    listThreads: async (query, signal) =>
      await ask(signal, async ({ connection }) => await listThreads(connection, query)),
    findThread: async (threadId, signal) =>
      await ask(signal, async ({ connection }) => await findThread(connection, threadId)),
    listModels: async (signal) =>
      (await current(signal)).models.map(({ id, displayName, isDefault, supportedReasoningEfforts }) => ({
        id,
        title: displayName,
        isDefault,
        efforts: supportedReasoningEfforts.map(({ reasoningEffort }) => reasoningEffort),
      })),
    readAccount: async (signal) => await ask(signal, async ({ connection }) => await readAccount(connection)),
    startLogin: async (signal) => await startDeviceLogin({ ...options, isStrict: false, signal }),
    async close() {
      await (await starting?.catch(() => undefined))?.close();
    },
  };
}

const ACCOUNTS = { apiKey: 'api-key', amazonBedrock: 'other', gcp: 'other' } as const;

async function readAccount(connection: Connection): Promise<AgentAccount> {
  const { account, requiresOpenaiAuth } = await connection.request('account/read', { refreshToken: false });
  if (account?.type === 'chatgpt') return { type: 'chatgpt', email: account.email };
  if (account) return { type: ACCOUNTS[account.type] };
  return { type: requiresOpenaiAuth ? 'signed-out' : 'not-needed' };
}
