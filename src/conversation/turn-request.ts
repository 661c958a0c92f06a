import type { JsonObject } from '../base/json.ts';
import type { Turn } from './turn.ts';

/** What the text of an answer has to be. */
export type AnswerFormat = { readonly type: 'text' } | { readonly type: 'json-object' } | SchemaFormat;

export interface SchemaFormat {
  readonly type: 'json-schema';
  readonly schema: JsonObject;
  /** Where the schema stands in the caller's request. */
  readonly path: string;
}

/** A turn, and what is promised of its answer beside what the engine itself can do. */
export interface TurnRequest {
  readonly turn: Turn;
  /** How many answers are wanted, each by a turn of its own. */
  readonly n: number;
  /** Where an answer must call at least one of the turn's tools: what the request says of it, for a notice. */
  readonly callRequired: string | undefined;
  readonly format: AnswerFormat;
  /** The answer's text ends before the one of these that would be complete first. */
  readonly stop: readonly string[];
  /** Tokens of an answer's text; undefined for no limit. */
  readonly maxTokens: number | undefined;
}
