import type { AgentEvent } from '../../conversation/ports/agent.ts';
import type { EventType } from './session-event.ts';

interface ShownEvent {
  readonly type: EventType;
  readonly fields: object;
}

/** Returns an event of the agent as clients see it; undefined for one that they see in another form. */
export function decodeAgentEvent(event: AgentEvent): ShownEvent | undefined {
  if (event.type === 'request-resolved' || event.type === 'title-updated') return undefined;
  const turn = { turn_id: event.turnId };
  switch (event.type) {
    case 'turn-started':
      return { type: 'turn.started', fields: turn };
    case 'item-started':
      return { type: 'item.started', fields: { ...turn, item: event.item } };
    case 'item-completed':
      return { type: 'item.completed', fields: { ...turn, item: event.item } };
    case 'text-delta':
      return {
        type: 'item.agent_message.delta',
        fields: { ...turn, item_id: event.itemId, delta: event.text },
      };
    case 'reasoning-delta':
      return { type: 'item.reasoning.delta', fields: { ...turn, item_id: event.itemId, delta: event.text } };
    case 'command-output':
      return {
        type: 'command.execution.output',
        fields: { ...turn, item_id: event.itemId, delta: event.text, left_out: 0 },
      };
    case 'plan-updated':
      return {
        type: 'turn.plan.updated',
        fields: { ...turn, explanation: event.plan.explanation, plan: event.plan.steps },
      };
    case 'diff-updated':
      return { type: 'turn.diff.updated', fields: { ...turn, diff: event.diff } };
    case 'usage-updated':
      return { type: 'token_usage.updated', fields: { ...turn, usage: event.usage } };
    case 'turn-completed':
      return {
        type: 'turn.completed',
        fields: { ...turn, status: event.status, ...(event.error !== undefined && { error: event.error }) },
      };
  }
}
