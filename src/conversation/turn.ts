import type { JsonObject } from '../base/json.ts';
import type { Item } from './item.ts';
import type { Tool } from './tool.ts';

/** How a model is to answer; what is absent is left to the model. */
export interface TurnOptions {
  /** One of the model's own `reasoningEfforts`. */
  readonly reasoningEffort?: string | undefined;
  readonly verbosity?: 'low' | 'medium' | 'high' | undefined;
  /** `default` asks for no special one, whatever a preset says. */
  readonly serviceTier?: 'default' | 'flex' | 'priority' | undefined;
}

/** One question to one model: everything the model is to see, and nothing else. */
export interface Turn extends TurnOptions {
  readonly model: string;
  /** The whole conversation, oldest first. */
  readonly items: readonly Item[];
  /** What the model may ask the caller to run. */
  readonly tools?: readonly Tool[] | undefined;
  /** Tools in the provider's own form, Responses API tools, which go up as they stand: in place of `tools`. */
  readonly passthroughTools?: readonly JsonObject[] | undefined;
  /** True if the caller expects calls, although this turn itself offers no tools. */
  readonly expectsCalls?: boolean | undefined;
  /** Whether the turn ends with its first call; the model itself may want several at once. */
  readonly singleCall?: boolean | undefined;
  /** A strict JSON Schema that the answer's text follows. */
  readonly outputSchema?: JsonObject | undefined;
  /** How the model tells what it thinks; where it is absent, the set-up decides. */
  readonly reasoningSummary?: ReasoningSummary | undefined;
  /** Lets the provider search the web for the model; absent for no search. */
  readonly webSearch?: WebSearch | undefined;
}

export type ReasoningSummary = 'auto' | 'concise' | 'detailed' | 'none';

export interface WebSearch {
  readonly contextSize?: 'low' | 'medium' | 'high' | undefined;
  readonly allowedDomains?: readonly string[] | undefined;
  readonly location?: WebSearchLocation | undefined;
}

interface WebSearchLocation {
  readonly city?: string | undefined;
  readonly country?: string | undefined;
  readonly region?: string | undefined;
  readonly timezone?: string | undefined;
}
