import { mkdir } from 'node:fs/promises';
import type { ServerNotification } from '../../../generated/ServerNotification.js';
import type { Observer } from '../../base/observation.ts';
import type { AgentListener } from '../../conversation/ports/agent.ts';
import { startAppServer } from '../process/app-server.ts';
import type { AppServer } from '../process/connect-app-server.ts';
import { isHeard } from '../protocol/notifications.ts';
import { AGENT_NOTIFICATIONS } from './agent-notifications.ts';
import { createAgentRequests } from './agent-requests.ts';
import { decodeEvent } from './decode-event.ts';
import { createHeardThread, type HeardThread } from './heard-thread.ts';
import { createServerStartups, type ServerStartups } from './server-startups.ts';

export interface AgentChildOptions {
  /** Path of the codex binary. */
  readonly binary: string;
  /** The user's own CODEX_HOME, which the app-server reads and writes as `codex` itself does. */
  readonly codexHome: string;
  /** The whole environment. Commands of the agent see it. */
  readonly environment: Record<string, string>;
  readonly workingDirectory: string;
  readonly clientVersion: string;
  readonly observer: Observer;
}

/** Hears of the threads of one app-server. */
interface AgentChildState {
  readonly startups: Pick<ServerStartups, 'end' | 'forget'>;
  /** @param rolloutPath The file in which the app-server keeps the thread. */
  listen(threadId: string, listener: AgentListener, rolloutPath: string | undefined): HeardListening;
}

interface HeardListening {
  /** Returns true while a turn runs. */
  isRunning(): boolean;
  /** Returns true while a command runs, which may outlive its turn. */
  hasCommands(): boolean;
  stop(): void;
}

export type AgentServer = AppServer<AgentChildState>;

/** Starts an app-server for agents. Rejects with a `StartupError`. */
export async function startAgentChild(options: AgentChildOptions, signal: AbortSignal): Promise<AgentServer> {
  const { observer, ...child } = options;
  // Codex makes the usual one itself, but none that is named to it.
  await mkdir(options.codexHome, { recursive: true, mode: 0o700 });
  const threads = new Map<string, HeardThread>();
  const requests = createAgentRequests({ findThread: (threadId) => threads.get(threadId), observer });
  const startups = createServerStartups();
  let router: AppServer<unknown>['notifications'] | undefined;

  function hear(thread: HeardThread, batch: readonly ServerNotification[]): void {
    const events = batch.flatMap((notification) => {
      if (!isHeard(AGENT_NOTIFICATIONS, notification)) return [];
      if (notification.method === 'serverRequest/resolved') {
        const requestId = requests.resolve(notification.params.requestId);
        return requestId === undefined ? [] : [{ type: 'request-resolved' as const, requestId }];
      }
      thread.follow(notification);
      return decodeEvent(notification) ?? [];
    });
    if (events.length > 0) thread.onEvents(events);
  }

  const state: AgentChildState = {
    startups,
    listen(threadId, listener, rolloutPath) {
      const thread = createHeardThread(listener, rolloutPath);
      threads.set(threadId, thread);
      const stop = router!.listen(threadId, {
        onNotifications: (batch) => hear(thread, batch),
        onClose: thread.onGone,
      });
      return {
        isRunning: () => thread.turnId() !== '',
        hasCommands: thread.hasCommands,
        stop() {
          if (threads.get(threadId) === thread) threads.delete(threadId);
          stop();
        },
      };
    },
  };
  const server = await startAppServer(
    {
      ...child,
      isStrict: false,
      client: {
        notifications: AGENT_NOTIFICATIONS,
        answer: requests.answer,
        onNotifications: startups.follow,
        prepare: async () => state,
      },
      observer,
    },
    signal,
  );
  router = server.notifications;
  void server.exited.then(startups.close);
  return server;
}
