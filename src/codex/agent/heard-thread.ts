import type { AgentChange, AgentListener } from '../../conversation/ports/agent.ts';
import type { AgentNotification } from './agent-notifications.ts';
import type { AskingThread } from './agent-requests.ts';

/** A thread that has a listener, with what its requests refer to. */
export interface HeardThread extends AskingThread, AgentListener {
  /** Returns true while a command runs, which may outlive its turn. */
  hasCommands(): boolean;
  /** Notes the turn and the items that run. */
  follow(notification: AgentNotification): void;
}

export function createHeardThread(listener: AgentListener, rolloutPath: string | undefined): HeardThread {
  const changes = new Map<string, readonly AgentChange[]>();
  const commands = new Set<string>();
  let turnId = '';

  return {
    onEvents: (events) => listener.onEvents(events),
    onRequest: (request) => listener.onRequest(request),
    onGone: () => listener.onGone(),
    changesOf: (itemId) => (itemId === undefined ? [] : (changes.get(itemId) ?? [])),
    turnId: () => turnId,
    hasCommands: () => commands.size > 0,
    rolloutPath,
    follow({ method, params }) {
      switch (method) {
        case 'turn/started':
          turnId = params.turn.id;
          break;
        case 'turn/completed':
          turnId = '';
          changes.clear();
          break;
        case 'item/started':
          if (params.item.type === 'fileChange')
            changes.set(params.item.id, params.item.changes.map(decodeChange));
          if (params.item.type === 'commandExecution') commands.add(params.item.id);
          break;
        case 'item/completed':
          changes.delete(params.item.id);
          commands.delete(params.item.id);
          break;
      }
    },
  };
}

type FileChange = Extract<
  Extract<AgentNotification, { method: 'item/started' }>['params']['item'],
  { type: 'fileChange' }
>['changes'][number];

function decodeChange({ path, kind, diff }: FileChange): AgentChange {
  const movePath = kind.type === 'update' ? (kind.move_path ?? undefined) : undefined;
  return { path, kind: { type: kind.type, movePath }, diff };
}
