import type { Usage } from '../../conversation/usage.ts';
import { totalUsage } from './encode-usage.ts';
import { DONE, jsonFrame, type SseFrame } from './sse-frame.ts';

/** The frames of a streamed completion, of a chat or of a text. */
export interface ChunkFrames {
  /** A chunk with one choice in it. */
  encode(choice: object): SseFrame;
  /** What follows the last choice: the usage of all of them, where it is asked for and known, and the end. */
  encodeEnd(usages: readonly (Usage | null)[]): SseFrame[];
}

/** `head` is what every chunk repeats. */
export function createChunkFrames(head: object, includeUsage: boolean): ChunkFrames {
  // With `include_usage` every chunk has the key; without, none has.
  const usageKey = includeUsage ? { usage: null } : {};
  return {
    encode: (choice) => jsonFrame({ ...head, choices: [choice], ...usageKey }),
    encodeEnd(usages) {
      const usage = includeUsage ? totalUsage(usages) : undefined;
      return usage ? [jsonFrame({ ...head, choices: [], usage }), DONE] : [DONE];
    },
  };
}
