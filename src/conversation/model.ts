/** A model that the engine can run. */
export interface Model {
  readonly id: string;
  /** True if model lists show it; others can still be requested. */
  readonly isListed: boolean;
  /** True for the model that is used if a request names none. */
  readonly isDefault: boolean;
  readonly ownedBy: string;
  /** The model that actually answers; undefined for one that answers under its own id. */
  readonly aliasOf?: string | undefined;
  /** Tokens of prompt and answer together; null if unknown. */
  readonly contextLength: number | null;
  /** Null if unknown, like the service tiers. */
  readonly reasoningEfforts: readonly string[] | null;
  readonly serviceTiers: readonly string[] | null;
  /** The effort used if a request names none; null if unknown. */
  readonly defaultReasoningEffort: string | null;
  readonly inputModalities: readonly string[];
  /** True if the engine can enable the provider's web search for it. */
  readonly webSearch: boolean;
}
