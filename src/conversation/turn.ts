import type { JsonObject } from '../base/json.ts';
import type { Item } from './item.ts';
import type { Tool } from './tool.ts';

/** Options for the model; absent ones keep the model's defaults. */
export interface TurnOptions {
  /** One of the model's own `reasoningEfforts`. */
  readonly reasoningEffort?: string | undefined;
  readonly verbosity?: 'low' | 'medium' | 'high' | undefined;
  /** `default` selects the standard tier, overriding any preset. */
  readonly serviceTier?: 'default' | 'flex' | 'priority' | undefined;
}

/** One request to one model: everything that the model sees, and nothing else. */
export interface Turn extends TurnOptions {
  readonly model: string;
  /** The whole conversation, oldest first. */
  readonly items: readonly Item[];
  /** Tools that the model may call and the caller executes. */
  readonly tools?: readonly Tool[] | undefined;
  /** Responses API tools in the provider's own format, sent upstream unchanged, in place of `tools`. */
  readonly passthroughTools?: readonly JsonObject[] | undefined;
  /** True if the caller expects calls, although this turn itself offers no tools. */
  readonly expectsCalls?: boolean | undefined;
  /** True if the turn ends with its first call, although the model may want several at once. */
  readonly singleCall?: boolean | undefined;
  /** A strict JSON Schema that the answer's text follows. */
  readonly outputSchema?: JsonObject | undefined;
  /** Form of the reasoning summary; if absent, the configuration decides. */
  readonly reasoningSummary?: ReasoningSummary | undefined;
  /**
   * The party that has caused the turn, if its last item does not show it: an agent for a turn that the gateway adds by
   * itself. Only some providers get to know.
   */
  readonly initiator?: Initiator | undefined;
  /** Enables the provider's web search; absent for no search. */
  readonly webSearch?: WebSearch | undefined;
}

export type Initiator = 'user' | 'agent';

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
