import type { AgentItem } from '../../conversation/ports/agent.ts';
import type { EventType, SessionEvent } from './session-event.ts';
import { firstCharacters, shortenItem } from './shorten.ts';

/** Events in a snapshot, and characters of a text in one of them. */
const SHOWN_EVENTS = 40;
const TEXT_CHARACTERS = 4 * 1024;

/** Characters of the words that say what happened. */
const PREVIEW_CHARACTERS = 180;
const OUTPUT_CHARACTERS = 400;

/** Events that only show the last piece of something: in a row of them, only the last one is shown. */
const PIECES: ReadonlySet<EventType> = new Set<EventType>([
  'item.agent_message.delta',
  'item.reasoning.delta',
  'command.execution.output',
]);

/** An event as a snapshot has it: with what clients of the original bridge read of it. */
export type ShownEvent = SessionEvent & {
  /** Unix milliseconds. */
  readonly received_at: number;
  readonly preview?: string;
  readonly text?: string;
};

/** The latest events of a session. */
export interface ShownEvents {
  add(event: SessionEvent): void;
  list(): readonly ShownEvent[];
}

export function createShownEvents(): ShownEvents {
  const events: SessionEvent[] = [];
  return {
    add(event) {
      // A snapshot is the session itself.
      if (event.type === 'session.updated') return;
      const last = events.at(-1);
      if (last !== undefined && last.type === event.type && PIECES.has(event.type)) events.pop();
      events.push(event);
      if (events.length > SHOWN_EVENTS) events.shift();
    },
    list: () => events.map(showEvent),
  };
}

function showEvent(event: SessionEvent): ShownEvent {
  const shown = { ...event, received_at: event.created_at };
  switch (event.type) {
    case 'thread.started':
      return { ...shown, preview: '' };
    case 'item.started':
    case 'item.completed':
      return { ...shown, ...showItem(event.item) };
    case 'item.agent_message.delta':
    case 'item.reasoning.delta':
      return { ...shown, preview: firstCharacters(event.delta.trim(), PREVIEW_CHARACTERS) };
    case 'command.execution.output':
      return { ...shown, text: firstCharacters(event.delta.trim(), OUTPUT_CHARACTERS) };
    case 'turn.plan.updated':
      return { ...shown, preview: event.explanation ?? '' };
    case 'turn.diff.updated':
      return { ...shown, diff: firstCharacters(event.diff, TEXT_CHARACTERS) } as ShownEvent;
    case 'approval.requested':
      return { ...shown, preview: event.approval.preview || event.approval.description };
    case 'approval.responded':
      return { ...shown, preview: event.decision };
    default:
      return shown;
  }
}

function showItem(item: AgentItem) {
  if (item.type === 'agentMessage') return { item: { ...item, type: 'agent_message' } };
  const texts = [item.command, item.text, item.query];
  const text = texts.find((value) => typeof value === 'string') ?? '';
  return { preview: item.type, item: { ...shortenItem(item, TEXT_CHARACTERS), text } };
}
