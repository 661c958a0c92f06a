import type { Item } from './item.ts';

/** How a model is to answer; what is absent is left to the model. */
export interface TurnOptions {
  /** One of the model's own `reasoningEfforts`. */
  readonly reasoningEffort?: string | undefined;
  readonly verbosity?: 'low' | 'medium' | 'high' | undefined;
  readonly serviceTier?: 'flex' | 'priority' | undefined;
}

/** One question to one model: everything the model is to see, and nothing else. */
export interface Turn extends TurnOptions {
  readonly model: string;
  /** The whole conversation, oldest first. */
  readonly items: readonly Item[];
}
