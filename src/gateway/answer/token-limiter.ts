import type { Tokenizer } from '../../conversation/ports/tokenizer.ts';

/** Cuts a text that comes in pieces after a number of tokens. */
export interface TokenLimiter {
  /** What of the piece can go out. */
  push(piece: string): Promise<{ readonly text: string; readonly over: boolean }>;
}

/** Characters that are counted again with each piece: a token is only sure when its word has ended. */
const WINDOW = 256;

export function createTokenLimiter(limit: number, tokenizer: Tokenizer, signal: AbortSignal): TokenLimiter {
  let left = limit;
  /** The end of the text so far, whose tokens are not taken off yet. */
  let tail = '';
  return {
    async push(piece) {
      const before = tail.length;
      tail += piece;
      const head = await tokenizer.head(tail, left, signal);
      if (head.text.length < tail.length) return { text: head.text.slice(before), over: true };
      if (tail.length > WINDOW) {
        const word = lastWord(tail);
        const settled = await tokenizer.head(tail.slice(0, word), left, signal);
        left -= settled.tokens;
        tail = tail.slice(word);
      }
      return { text: piece, over: false };
    },
  };
}

/** Where the last word begins, with the space before it, as tokens do; the end where there is no other word. */
function lastWord(text: string): number {
  const place = text.search(/(?<=\S)\s\S*$/);
  return place > 0 ? place : text.length;
}
