import type { Item } from './item.ts';

/** One question to one model: everything the model is to see, and nothing else. */
export interface Turn {
  readonly model: string;
  /** The whole conversation, oldest first. */
  readonly items: readonly Item[];
}
