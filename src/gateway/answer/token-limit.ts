import type { Tokenizer } from '../../conversation/ports/tokenizer.ts';
import type { TurnEvent } from '../../conversation/turn-event.ts';
import { cutEnd, type Batch, type EventStage } from './stage.ts';

/** Ends an answer when its text has a number of tokens. */
export function limitTokens(limit: number, tokenizer: Tokenizer, signal: AbortSignal): EventStage {
  const limiter = createTokenLimiter(limit, tokenizer, signal);

  async function limitText(batch: Batch): Promise<Batch> {
    const limited: TurnEvent[] = [];
    for (const event of batch) {
      if (event.type !== 'text-delta') {
        limited.push(event);
        continue;
      }
      const { text, over } = await limiter.push(event.text);
      if (text !== '') limited.push({ type: 'text-delta', text });
      if (over) return [...limited, cutEnd('length')];
    }
    return limited;
  }

  return (batch) => (batch.some(({ type }) => type === 'text-delta') ? limitText(batch) : batch);
}

/** Cuts a text that comes in pieces after a number of tokens. */
export interface TokenLimiter {
  /** Resolves to the part of the piece that can go out. */
  push(piece: string): Promise<{ readonly text: string; readonly over: boolean }>;
}

/** Characters that are counted again with each piece: a token is certain only when its word has ended. */
const WINDOW_CHARACTERS = 256;

export function createTokenLimiter(limit: number, tokenizer: Tokenizer, signal: AbortSignal): TokenLimiter {
  let remaining = limit;
  /** End of the text so far, whose tokens are not subtracted yet. */
  let tail = '';
  return {
    async push(piece) {
      const before = tail.length;
      tail += piece;
      const head = await tokenizer.head(tail, remaining, signal);
      if (head.text.length < tail.length) return { text: head.text.slice(before), over: true };
      if (tail.length > WINDOW_CHARACTERS) {
        const word = lastWord(tail);
        const complete = await tokenizer.head(tail.slice(0, word), remaining, signal);
        remaining -= complete.tokens;
        tail = tail.slice(word);
      }
      return { text: piece, over: false };
    },
  };
}

/** Returns the start of the last word and the space before it, as tokens have it; the end for a single word. */
function lastWord(text: string): number {
  const start = text.search(/(?<=\S)\s\S*$/);
  return start > 0 ? start : text.length;
}
