import fc from 'fast-check';
import * as reference from 'gpt-tokenizer/encoding/o200k_base';
import { describe, expect, it } from 'vitest';
import { countTextTokens, headOf } from '../../../src/app/worker/count-tokens.ts';
import { anyText } from '../../support/any-text.ts';

const TEXTS = [
  '',
  'hello world',
  "I'll say: it's DON'T and we'Ve — naïve café, Straße, Ωmega, Здравствуйте, שלום, नमस्ते, สวัสดีครับ!",
  '中文字符号，日本語のテキスト。한국어 텍스트도 있습니다',
  'if (a[0] != b) {\r\n\t\treturn { x: 0x1F, y: 12345678 };\n}\n\n\n   // ---- done ----   \n',
  '👩‍👩‍👧‍👦 and 🇩🇪 and \ud83d alone',
  `${'='.repeat(100)}\n${' '.repeat(100)}|`,
];

describe('counting tokens', () => {
  it.each(TEXTS)('matches the reference encoding for %j', (text) => {
    expect(countTextTokens(text)).toBe(reference.encode(text).length);
  });

  it('matches the reference encoding for any text', () => {
    fc.assert(
      fc.property(anyText({ maxLength: 100 }), (text) => {
        expect(countTextTokens(text)).toBe(reference.encode(text, { disallowedSpecial: new Set() }).length);
      }),
    );
  });

  it('treats special tokens in the text as plain text', () => {
    const plain = reference.encode('<|endoftext|><|im_start|>', { disallowedSpecial: new Set() });
    expect(countTextTokens('<|endoftext|><|im_start|>')).toBe(plain.length);
    expect(plain.length).toBeGreaterThan(2);
  });

  it.each(['a', 'A', ' ', '\n', '!', '中', 'é', '1', '👍'])(
    'gives a close estimate for a long run of %j',
    (character) => {
      const count = countTextTokens(character.repeat(20_000));
      const part = reference.encode(character.repeat(1000)).length * 20;
      expect(count / part).toBeGreaterThan(0.8);
      expect(count / part).toBeLessThan(1.3);
    },
  );
});

describe('cutting a text to a number of tokens', () => {
  it.each(TEXTS)('keeps the first tokens of %j, as many as the limit allows', (text) => {
    const all = reference.encode(text);
    for (let limit = 0; limit <= all.length; limit += 1) {
      const head = headOf(text, limit);
      expect(text.startsWith(head.text)).toBe(true);
      expect(reference.encode(head.text)).toEqual(all.slice(0, head.tokens));
      // A character has four bytes at most, so that at most three tokens hold a part of it only.
      expect(limit - head.tokens).toBeOneOf([0, 1, 2, 3]);
    }
    expect(headOf(text, all.length + 1)).toEqual({ text, tokens: all.length });
  });

  it('ends before a character that would be cut in half', () => {
    expect(reference.encode('a 🦩')).toHaveLength(4);
    expect(headOf('a 🦩', 3)).toEqual({ text: 'a', tokens: 1 });
  });
});
