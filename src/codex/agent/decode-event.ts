import type { JsonObject } from '../../base/json.ts';
import type { AgentEvent, AgentItem, TurnStatus } from '../../conversation/ports/agent.ts';
import { cleanCause } from './clean-cause.ts';
import type { AgentNotification } from './agent-notifications.ts';

/** Returns the event of a notification; undefined for one that shows nothing. */
export function decodeEvent({ method, params }: AgentNotification): AgentEvent | undefined {
  switch (method) {
    case 'turn/started':
      return { type: 'turn-started', turnId: params.turn.id };
    case 'item/started':
    case 'item/completed': {
      const type = method === 'item/started' ? 'item-started' : 'item-completed';
      return { type, turnId: params.turnId, item: params.item as unknown as AgentItem };
    }
    case 'item/agentMessage/delta':
    case 'item/plan/delta':
    case 'item/reasoning/summaryTextDelta':
    case 'item/commandExecution/outputDelta':
      return { type: DELTAS[method], turnId: params.turnId, itemId: params.itemId, text: params.delta };
    case 'turn/plan/updated':
      return {
        type: 'plan-updated',
        turnId: params.turnId,
        plan: { explanation: params.explanation ?? null, steps: params.plan },
      };
    case 'thread/name/updated':
      return { type: 'title-updated', title: params.threadName ?? '' };
    case 'turn/diff/updated':
      return { type: 'diff-updated', turnId: params.turnId, diff: params.diff };
    case 'thread/tokenUsage/updated':
      return {
        type: 'usage-updated',
        turnId: params.turnId,
        usage: params.tokenUsage as unknown as JsonObject,
      };
    case 'turn/completed':
      return decodeEnd(params.turn);
    // Its id is the app-server's own; the one who passes requests on knows which it is.
    case 'serverRequest/resolved':
      return undefined;
    // A turn waits for it before it begins.
    case 'mcpServer/startupStatus/updated':
      return undefined;
  }
}

const DELTAS = {
  'item/agentMessage/delta': 'text-delta',
  'item/plan/delta': 'text-delta',
  'item/reasoning/summaryTextDelta': 'reasoning-delta',
  'item/commandExecution/outputDelta': 'command-output',
} as const;

type EndedTurn = Extract<AgentNotification, { method: 'turn/completed' }>['params']['turn'];

function decodeEnd({ id, status, error }: EndedTurn): AgentEvent {
  return {
    type: 'turn-completed',
    turnId: id,
    status: STATUSES[status] ?? 'failed',
    ...(error && { error: cleanCause(error.message) }),
  };
}

const STATUSES = {
  completed: 'completed',
  interrupted: 'interrupted',
  failed: 'failed',
  inProgress: 'failed',
} as const satisfies Record<EndedTurn['status'], TurnStatus>;
