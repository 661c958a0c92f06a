/** A model that the engine can run. */
export interface Model {
  readonly id: string;
  /** Whether it is shown in a list; one that is not can still be asked for. */
  readonly listed: boolean;
  /** The one to use if a caller names none. */
  readonly isDefault: boolean;
  readonly ownedBy: string;
  /** The model that really answers; undefined for one that answers under its own id. */
  readonly aliasOf?: string | undefined;
  /** Tokens of prompt and answer together; null where nobody says. */
  readonly contextLength: number | null;
  /** Null where nobody says, as are the service tiers. */
  readonly reasoningEfforts: readonly string[] | null;
  readonly serviceTiers: readonly string[] | null;
  /** Of the efforts, the one that counts where none is asked for; null where nobody says. */
  readonly defaultReasoningEffort: string | null;
  readonly inputModalities: readonly string[];
  /** Whether the engine can let its provider search the web for it. */
  readonly webSearch: boolean;
}
