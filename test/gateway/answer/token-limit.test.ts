import fc from 'fast-check';
import { encode } from 'gpt-tokenizer/encoding/o200k_base';
import { describe, expect, it } from 'vitest';
import { countTextTokens, headOf } from '../../../src/app/worker/count-tokens.ts';
import type { Tokenizer } from '../../../src/conversation/ports/tokenizer.ts';
import type { TurnEvent } from '../../../src/conversation/turn-event.ts';
import { createTokenLimiter, limitTokens } from '../../../src/gateway/answer/token-limit.ts';
import { passStage } from '../../support/script-turns.ts';

const { signal } = new AbortController();
const tokenizer: Tokenizer = {
  count: async (texts) => texts.reduce((sum, text) => sum + countTextTokens(text), 0),
  head: async (text, limit) => headOf(text, limit),
};

/** Limits a text that arrives in the given pieces; returns what remains. */
async function limit(pieces: readonly string[], tokens: number): Promise<{ text: string; over: boolean }> {
  const limiter = createTokenLimiter(tokens, tokenizer, signal);
  let text = '';
  for (const piece of pieces) {
    const pushed = await limiter.push(piece);
    text += pushed.text;
    if (pushed.over) return { text, over: true };
  }
  return { text, over: false };
}

const TEXTS = [
  'The quick brown fox jumps over the lazy dog, and then it rests. '.repeat(20),
  '床前明月光，疑是地上霜。举头望明月，低头思故乡。'.repeat(20),
  '👩‍👩‍👧‍👦 🇩🇪 🦩🦩🦩 and 👍🏽 words '.repeat(20),
  'const answer = (question) => { return 42; };\n\n'.repeat(20),
];

describe('a text with a token limit', () => {
  it.each(TEXTS)('is cut at a token boundary when it comes in one piece: text %#', async (text) => {
    const tokens = encode(text).length;
    for (const wanted of [1, 2, 7, 100]) {
      const { text: left, over } = await limit([text], wanted);
      expect({ left, over }).toEqual({ left: headOf(text, wanted).text, over: true });
      expect(text.startsWith(left)).toBe(true);
    }
    expect(await limit([text], tokens)).toEqual({ text, over: false });
  });

  it.each(TEXTS)('keeps as many tokens as allowed when it comes word by word: text %#', async (text) => {
    const words = text.match(/\s*\S+|\s+$/gu)!;
    for (const wanted of [1, 7, 100, 150]) {
      const { text: left } = await limit(words, wanted);
      expect(text.startsWith(left)).toBe(true);
      expect(left).toBe(headOf(text, wanted).text);
    }
  });

  it('is cut to a prefix without a split character, however it is split', async () => {
    const pieces = fc.array(fc.string({ unit: 'grapheme', maxLength: 40 }), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(pieces, fc.integer({ min: 1, max: 60 }), async (given, wanted) => {
        const { text, over } = await limit(given, wanted);
        expect(given.join('').startsWith(text)).toBe(true);
        expect(text.isWellFormed()).toBe(true);
        if (!over) expect(text).toBe(given.join(''));
        else expect(text.length).toBeLessThan(given.join('').length);
      }),
    );
  });

  it('costs the same for each piece, however long the text already is', async () => {
    const lengths: number[] = [];
    const measured: Tokenizer = {
      ...tokenizer,
      async head(text, wanted) {
        lengths.push(text.length);
        return headOf(text, wanted);
      },
    };
    const limiter = createTokenLimiter(100_000, measured, signal);
    for (let count = 0; count < 500; count += 1) await limiter.push(' another word');
    expect(Math.max(...lengths)).toBeLessThan(600);
  });
});

describe.each([true, false])('an answer whose events come together: %s', (together) => {
  const thought: TurnEvent = { type: 'reasoning-delta', text: 'so many words here', paragraph: 'a' };
  const end: TurnEvent = { type: 'turn-end', reason: 'stop', isComplete: true, usage: null };
  const text = (value: string): TurnEvent => ({ type: 'text-delta', text: value });

  it('ends when its text has the tokens', async () => {
    const events = [thought, text('one two'), text(' three four'), text(' five'), end];
    expect(await passStage(limitTokens(3, tokenizer, signal), events, { together })).toEqual([
      thought,
      text('one two'),
      text(' three'),
      { type: 'turn-end', reason: 'length', isComplete: false, usage: null },
    ]);
  });

  it('is left as it is when it has fewer', async () => {
    const events = [thought, text('one two'), end];
    expect(await passStage(limitTokens(3, tokenizer, signal), events, { together })).toEqual(events);
  });
});
