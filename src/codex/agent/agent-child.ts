import type { ServerNotification } from '../../../generated/ServerNotification.js';
import type { Observer } from '../../base/observation.ts';
import type { AgentListener } from '../../conversation/ports/agent.ts';
import { startAppServer } from '../process/app-server.ts';
import type { AppServer } from '../process/connect-app-server.ts';
import { isHeard } from '../protocol/notifications.ts';
import { AGENT_NOTIFICATIONS } from './agent-notifications.ts';
import { createAgentRequests } from './agent-requests.ts';
import { decodeEvent } from './decode-event.ts';

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
export interface AgentChildState {
  /** Returns a function that stops listening. */
  listen(threadId: string, listener: AgentListener): () => void;
}

export type AgentServer = AppServer<AgentChildState>;

/** Starts an app-server for agents. Rejects with a `StartupError`. */
export async function startAgentChild(options: AgentChildOptions, signal: AbortSignal): Promise<AgentServer> {
  const { observer, ...child } = options;
  const listeners = new Map<string, AgentListener>();
  const requests = createAgentRequests({
    listenerOf: (threadId) => listeners.get(threadId)?.onRequest,
    observer,
  });
  let router: AppServer<unknown>['notifications'] | undefined;

  function hear(listener: AgentListener, batch: readonly ServerNotification[]): void {
    const events = batch.flatMap((notification) => {
      if (!isHeard(AGENT_NOTIFICATIONS, notification)) return [];
      if (notification.method === 'serverRequest/resolved') {
        const requestId = requests.resolve(notification.params.requestId);
        return requestId === undefined ? [] : [{ type: 'request-resolved' as const, requestId }];
      }
      return decodeEvent(notification) ?? [];
    });
    if (events.length > 0) listener.onEvents(events);
  }

  const state: AgentChildState = {
    listen(threadId, listener) {
      listeners.set(threadId, listener);
      const stop = router!.listen(threadId, {
        onNotifications: (batch) => hear(listener, batch),
        onClose: listener.onGone,
      });
      return () => {
        if (listeners.get(threadId) === listener) listeners.delete(threadId);
        stop();
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
        prepare: async () => state,
      },
      observer,
    },
    signal,
  );
  router = server.notifications;
  return server;
}
