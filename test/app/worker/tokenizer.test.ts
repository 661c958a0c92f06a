import { afterEach, expect, it } from 'vitest';
import { createTokenizer, type WorkerTokenizer } from '../../../src/app/worker/tokenizer.ts';

const signal = new AbortController().signal;

let tokenizer: WorkerTokenizer;

afterEach(() => tokenizer.close());

it('the tokenizer counts each text by itself and cuts a text to a number of tokens', async () => {
  tokenizer = createTokenizer();
  expect(await tokenizer.count([], signal)).toBe(0);
  expect(await tokenizer.count(['hello world', '<|endoftext|>'], signal)).toBe(9);
  expect(await tokenizer.count(['hel', 'lo'], signal)).toBe(2);
  expect(await tokenizer.head('one two three', 2, signal)).toEqual({ text: 'one two', tokens: 2 });
});

it('the tokenizer refuses a text that takes too long', async () => {
  tokenizer = createTokenizer(20);
  const long = tokenizer.count(['中'.repeat(10_000_000)], signal);
  await expect(long).rejects.toMatchObject({ code: 'request_too_large' });
  expect(await tokenizer.count(['hello'], signal)).toBe(1);
});
