import type { Adjustment } from './adjustment.ts';
import type { Usage } from './usage.ts';

/** Why the model stopped. */
export type StopReason = 'stop' | 'length' | 'content-filter' | 'tool-calls';

export interface ToolCall {
  readonly type: 'tool-call';
  /** By which the caller's result refers to it. */
  readonly callId: string;
  readonly name: string;
  /** JSON as the model wrote it, which may be malformed. */
  readonly arguments: string;
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
  readonly whole: boolean;
  /** Null where the provider did not count. */
  readonly usage: Usage | null;
}

/** What a running turn tells, in order; `turn-end` is the last. A failed turn throws instead. */
export type TurnEvent =
  /** The first: the engine has taken the conversation, and nothing has gone to a model yet. */
  | { readonly type: 'turn-start'; readonly adjustments: readonly Adjustment[] }
  /** Something more is done in another way than asked. */
  | { readonly type: 'adjusted'; readonly adjustment: Adjustment }
  /** The provider is at work, but has sent nothing for the caller yet. */
  | { readonly type: 'progress' }
  /** The model's summary of what it thinks. */
  | { readonly type: 'reasoning-delta'; readonly text: string }
  | { readonly type: 'text-delta'; readonly text: string }
  /** Text by which the model tells what it is about to do, before its answer proper. */
  | { readonly type: 'commentary-delta'; readonly text: string }
  | Citation
  /** Every call of an answer comes when the answer is complete, one after the other. */
  | ToolCall
  | TurnEnd;

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
    default:
      return OVERHEAD;
  }
}

const OVERHEAD = 64;

/** Characters of an answer that is kept until it is whole. */
export const MAX_ANSWER = 64 * 1024 * 1024;

/** What an answer itself is made of. */
export type AnswerEvent = Exclude<TurnEvent, { type: 'turn-start' | 'adjusted' | 'commentary-delta' }>;
