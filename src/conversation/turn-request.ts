import type { JsonObject } from '../base/json.ts';
import type { Turn } from './turn.ts';

/** Format of an answer's text. */
export type AnswerFormat = { readonly type: 'text' } | { readonly type: 'json-object' } | SchemaFormat;

export interface SchemaFormat {
  readonly type: 'json-schema';
  readonly schema: JsonObject;
  /** Path of the schema in the caller's request. */
  readonly path: string;
}

/** A turn and the requirements of its answer that the gateway fulfils beyond the engine's own abilities. */
export interface TurnRequest {
  readonly turn: Turn;
  /** Number of answers, each from its own turn. */
  readonly n: number;
  /**
   * The part of the request that requires at least one tool call, worded for a notice; undefined if no call
   * is required.
   */
  readonly callRequired: string | undefined;
  readonly format: AnswerFormat;
  /** Stop sequences: the text ends before the first one that would be completed. */
  readonly stop: readonly string[];
  /** Maximum tokens of an answer's text; undefined for no limit. */
  readonly maxTokens: number | undefined;
}
