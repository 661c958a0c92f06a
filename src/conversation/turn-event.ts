import type { JsonObject } from '../base/json.ts';
import type { MessagePhase, ToolCall } from './item.ts';
import type { Usage } from './usage.ts';

/** The reason for which the model stopped. */
export type StopReason = 'stop' | 'length' | 'content-filter' | 'tool-calls';

/** A piece of the model's reasoning summary. Each paragraph has its own key. */
export interface ReasoningDelta {
  readonly type: 'reasoning-delta';
  readonly text: string;
  readonly paragraph: string;
  /** Id of the following `reasoning-end`, if it is known. */
  readonly id?: string | undefined;
}

/** Completed reasoning, in the form that the provider wants back. */
export interface ReasoningEnd {
  readonly type: 'reasoning-end';
  /** The provider's own id; undefined if it sends none. */
  readonly id: string | undefined;
  /** Reasoning encrypted by the provider; undefined if it sends none. */
  readonly encrypted: string | undefined;
}

/** A Responses API output item for work that the provider does itself, or for a call in its own format. */
export interface PassthroughItemEvent {
  readonly type: 'passthrough-item';
  readonly item: JsonObject;
  /** True for a call that the caller has to execute. */
  readonly isCall: boolean;
}

/** A web source of a piece of the answer's text. */
export interface Citation {
  readonly type: 'citation';
  readonly url: string;
  readonly title: string;
  /** Offsets in the text of the complete answer, in characters. */
  readonly start: number;
  readonly end: number;
}

export interface TurnEnd {
  readonly type: 'turn-end';
  readonly reason: StopReason;
  /**
   * True if the model finished by itself; false if the answer was cut off, by the provider or the gateway.
   */
  readonly isComplete: boolean;
  /** Null if the provider did not report it. */
  readonly usage: Usage | null;
}

/** Events of a running turn, in order; `turn-end` is the last. A failed turn throws an error. */
export type TurnEvent =
  /**
   * Always the first event: the engine has accepted the conversation, and nothing has been sent to the model
   * yet.
   */
  | {
      readonly type: 'turn-start';
      readonly adjustments: readonly Adjustment[];
      /** True if the turn continues an earlier one, and the engine had most of its conversation. */
      readonly isContinued?: boolean;
    }
  /** A further adjustment. */
  | { readonly type: 'adjustment'; readonly adjustment: Adjustment }
  /** The provider is at work, but has sent nothing for the caller yet. */
  | { readonly type: 'progress' }
  | ReasoningDelta
  /** The end of a piece of reasoning, with or without a summary before it. */
  | ReasoningEnd
  /** Begins a message to which the following text belongs. */
  | { readonly type: 'message-start'; readonly phase: MessagePhase | undefined }
  | { readonly type: 'text-delta'; readonly text: string }
  /** Text in which the model announces what it will do, before the actual answer. */
  | { readonly type: 'commentary-delta'; readonly text: string }
  | Citation
  /** Sent one by one when the answer is complete. */
  | ToolCall
  | PassthroughItemEvent
  | TurnEnd;

/** A call that the caller has to execute before the model continues. */
export type Call = ToolCall | (PassthroughItemEvent & { readonly isCall: true });

export function isCall(event: TurnEvent): event is Call {
  return event.type === 'tool-call' || (event.type === 'passthrough-item' && event.isCall);
}

/** Returns the size of several events, in the units of `sizeOf`. */
export function sizeOfAll(events: readonly TurnEvent[]): number {
  let size = 0;
  for (const event of events) size += sizeOf(event);
  return size;
}

/** Returns the characters in an event plus an overhead for the event itself. */
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

/** Maximum characters of an answer that is buffered until it is complete. */
export const MAX_ANSWER_CHARACTERS = 64 * 1024 * 1024;

/** Events that make up the answer itself. */
export type AnswerEvent = Exclude<TurnEvent, { type: 'turn-start' | 'adjustment' | 'commentary-delta' }>;

/** Events of one of the answers to a request that arrived together; at least one. */
export interface AnswerBatch {
  /** Index of the answer, from 0. */
  readonly index: number;
  readonly events: readonly AnswerEvent[];
}

/** A part of a request that is fulfilled differently from what was asked; reported to the caller. */
export interface Adjustment {
  /** Path in the caller's request, such as `messages[0].content[1].image_url`. */
  readonly path: string;
  readonly from: string;
  readonly to: string;
}
