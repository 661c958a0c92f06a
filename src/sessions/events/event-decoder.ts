import type { AgentEvent } from '../../conversation/ports/agent.ts';
import { createOutputLimit, lastCharacters, type OutputLimit, type OutputPiece } from './output-limit.ts';
import type { SessionEventDraft } from './session-event.ts';
import { firstCharacters, shortenItem } from './shorten.ts';

/** Characters of a text inside an item, and of a turn's diff, that an event has at most. */
const ITEM_TEXT_CHARACTERS = 64 * 1024;
const DIFF_CHARACTERS = 1024 * 1024;

/** Turns the events of one session's agent into events as clients see them. */
export interface EventDecoder {
  /** Returns the events to add, none for an event that clients see in another form. */
  decode(event: AgentEvent): readonly SessionEventDraft[];
}

/** @param now Returns milliseconds. */
export function createEventDecoder(now: () => number = Date.now): EventDecoder {
  /** By the id of their command's item. */
  const outputs = new Map<string, OutputLimit>();
  let lastDiff = '';

  function limitOf(itemId: string): OutputLimit {
    const limit = outputs.get(itemId) ?? createOutputLimit(now);
    outputs.set(itemId, limit);
    return limit;
  }

  function endOutput(turnId: string, itemId: string, wholeBytes?: number): SessionEventDraft[] {
    const piece = outputs.get(itemId)?.end(wholeBytes);
    outputs.delete(itemId);
    return decodeOutput(turnId, itemId, piece);
  }

  return {
    decode(event) {
      switch (event.type) {
        case 'turn-started':
          outputs.clear();
          lastDiff = '';
          return [decodePlain(event)];
        case 'command-output':
          return decodeOutput(event.turnId, event.itemId, limitOf(event.itemId).add(event.text));
        case 'item-completed':
          return outputs.has(event.item.id)
            ? [...endOutput(event.turnId, event.item.id, wholeBytesOf(event)), decodePlain(event)]
            : [...decodeWholeOutput(event), decodePlain(event)];
        case 'turn-completed':
          return [...[...outputs.keys()].flatMap((id) => endOutput(event.turnId, id)), decodePlain(event)];
        case 'diff-updated': {
          // The app-server repeats it after every step.
          if (event.diff === lastDiff) return [];
          lastDiff = event.diff;
          return [decodePlain(event)];
        }
        case 'text-delta':
        case 'reasoning-delta': {
          const fields = { turn_id: event.turnId, item_id: event.itemId, delta: event.text };
          return [{ type: DELTAS[event.type], fields }];
        }
        case 'request-resolved':
        case 'title-updated':
          return [];
        default:
          return [decodePlain(event)];
      }
    },
  };
}

function decodeOutput(turnId: string, itemId: string, piece: OutputPiece | undefined): SessionEventDraft[] {
  if (piece === undefined) return [];
  const fields = { turn_id: turnId, item_id: itemId, delta: piece.delta, left_out: piece.leftOut };
  return [{ type: 'command.execution.output', fields }];
}

/** Returns the output of a command that was over before any of its output came. */
function decodeWholeOutput({ turnId, item }: ItemEvent): SessionEventDraft[] {
  const { aggregatedOutput: text } = item;
  if (item.type !== 'commandExecution' || typeof text !== 'string' || text === '') return [];
  const delta = lastCharacters(text, ITEM_TEXT_CHARACTERS);
  return decodeOutput(turnId, item.id, {
    delta,
    leftOut: Buffer.byteLength(text) - Buffer.byteLength(delta),
  });
}

/** Returns the bytes of the whole output of a command; undefined if its item does not have it. */
function wholeBytesOf({ item: { aggregatedOutput: text } }: ItemEvent): number | undefined {
  return typeof text === 'string' ? Buffer.byteLength(text) : undefined;
}

type ItemEvent = Extract<AgentEvent, { readonly item: unknown }>;

const DELTAS = {
  'text-delta': 'item.agent_message.delta',
  'reasoning-delta': 'item.reasoning.delta',
} as const;

/** An event that is decoded by itself. */
type PlainEvent = Exclude<
  AgentEvent,
  { readonly type: 'request-resolved' | 'title-updated' } | { readonly text: string }
>;

function decodePlain(event: PlainEvent): SessionEventDraft {
  const turn = { turn_id: event.turnId };
  switch (event.type) {
    case 'turn-started':
      return { type: 'turn.started', fields: turn };
    case 'item-started':
      return {
        type: 'item.started',
        fields: { ...turn, item: shortenItem(event.item, ITEM_TEXT_CHARACTERS) },
      };
    case 'item-completed':
      return {
        type: 'item.completed',
        fields: { ...turn, item: shortenItem(event.item, ITEM_TEXT_CHARACTERS) },
      };
    case 'plan-updated': {
      const { explanation, steps } = event.plan;
      return { type: 'turn.plan.updated', fields: { ...turn, explanation, plan: steps } };
    }
    case 'diff-updated':
      return { type: 'turn.diff.updated', fields: { ...turn, ...shortenDiff(event.diff) } };
    case 'usage-updated':
      return { type: 'token_usage.updated', fields: { ...turn, usage: event.usage } };
    case 'turn-completed': {
      const { status, error } = event;
      return { type: 'turn.completed', fields: { ...turn, status, ...(error !== undefined && { error }) } };
    }
  }
}

function shortenDiff(diff: string) {
  const kept = firstCharacters(diff, DIFF_CHARACTERS);
  return kept === diff
    ? { diff }
    : { diff: kept, left_out: Buffer.byteLength(diff) - Buffer.byteLength(kept) };
}
