import type { JsonObject } from '../base/json.ts';
import type { Adjustment } from './adjustment.ts';
import type { MessagePhase, ToolCall } from './item.ts';
import type { Usage } from './usage.ts';

/** Why the model stopped. */
export type StopReason = 'stop' | 'length' | 'content-filter' | 'tool-calls';

/** A piece of the model's summary of what it thinks, in paragraphs: each has a key of its own. */
export interface ReasoningDelta {
  readonly type: 'reasoning-delta';
  readonly text: string;
  readonly paragraph: string;
  /** That of the `reasoning-end` to come, where it is known. */
  readonly id?: string | undefined;
}

/** What a model thought, as the provider wants to have it back. */
export interface ReasoningEnd {
  readonly type: 'reasoning-end';
  /** The provider's own id of it; undefined where it gives none. */
  readonly id: string | undefined;
  /** Sealed by the provider, for itself; undefined where it gives none. */
  readonly encrypted: string | undefined;
}

/** Work that the provider does by itself, or asks for in a form of its own: a Responses API output item. */
export interface PassthroughItemEvent {
  readonly type: 'passthrough-item';
  readonly item: JsonObject;
  /** Whether it is a call that the caller has to answer. */
  readonly isCall: boolean;
}

/** Where on the web a piece of the answer's text comes from. */
export interface Citation {
  readonly type: 'citation';
  readonly url: string;
  readonly title: string;
  /** Places in the text of the whole answer, in characters. */
  readonly start: number;
  readonly end: number;
}

export interface TurnEnd {
  readonly type: 'turn-end';
  readonly reason: StopReason;
  /** Whether the model came to its own end; false where the answer was cut, by whomever. */
  readonly isComplete: boolean;
  /** Null where the provider did not count. */
  readonly usage: Usage | null;
}

/** What a running turn tells, in order; `turn-end` is the last. A failed turn throws instead. */
export type TurnEvent =
  /** The first: the engine has taken the conversation, and nothing has gone to a model yet. */
  | { readonly type: 'turn-start'; readonly adjustments: readonly Adjustment[] }
  /** Something more is done in another way than asked. */
  | { readonly type: 'adjustment'; readonly adjustment: Adjustment }
  /** The provider is at work, but has sent nothing for the caller yet. */
  | { readonly type: 'progress' }
  | ReasoningDelta
  /** A piece of reasoning is complete, whether or not a summary was told of it. */
  | ReasoningEnd
  /** A message begins; the text that follows belongs to it. */
  | { readonly type: 'message-start'; readonly phase: MessagePhase | undefined }
  | { readonly type: 'text-delta'; readonly text: string }
  /** Text by which the model tells what it is about to do, before its answer proper. */
  | { readonly type: 'commentary-delta'; readonly text: string }
  | Citation
  /** Every call of an answer comes when the answer is complete, one after the other. */
  | ToolCall
  | PassthroughItemEvent
  | TurnEnd;

/** What the caller has to answer before the model goes on. */
export type Call = ToolCall | (PassthroughItemEvent & { readonly isCall: true });

export function isCall(event: TurnEvent): event is Call {
  return event.type === 'tool-call' || (event.type === 'passthrough-item' && event.isCall);
}

/** Characters that an event holds, and something for the event itself. */
export function sizeOf(event: TurnEvent): number {
  switch (event.type) {
    case 'text-delta':
    case 'commentary-delta':
    case 'reasoning-delta':
      return OVERHEAD + event.text.length;
    case 'tool-call':
      return OVERHEAD + event.name.length + event.arguments.length;
    case 'citation':
      return OVERHEAD + event.url.length + event.title.length;
    case 'reasoning-end':
      return OVERHEAD + (event.encrypted?.length ?? 0);
    case 'passthrough-item':
      return OVERHEAD + JSON.stringify(event.item).length;
    default:
      return OVERHEAD;
  }
}

const OVERHEAD = 64;

/** Characters of an answer that is kept until it is whole. */
export const MAX_ANSWER_CHARACTERS = 64 * 1024 * 1024;

/** What an answer itself is made of. */
export type AnswerEvent = Exclude<TurnEvent, { type: 'turn-start' | 'adjustment' | 'commentary-delta' }>;
