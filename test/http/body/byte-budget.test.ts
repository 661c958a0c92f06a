import { expect, it } from 'vitest';
import { createByteBudget } from '../../../src/http/body/byte-budget.ts';

it('a byte budget has room for a request again when another has given its bytes back', () => {
  const budget = createByteBudget(10);
  const first = budget.open();
  const second = budget.open();
  first.add(8);
  expect(() => second.add(3)).toThrow('Rate limit reached');
  first.release();
  expect(() => second.add(10)).not.toThrow();
});

it('a named token has half of a byte budget at most, with all its requests, and the own one of the gateway all', () => {
  const budget = createByteBudget(10);
  const first = budget.open('tok_a');
  first.add(3);
  budget.open('tok_a').add(2);
  expect(() => budget.open('tok_a').add(1)).toThrow('of request bodies with this API key');
  expect(() => budget.open('tok_b').add(5)).not.toThrow();
  first.release();
  expect(() => budget.open('tok_a').add(3)).not.toThrow();
  expect(() => createByteBudget(10).open('main').add(10)).not.toThrow();
});

it('a byte budget counts no bytes that are decompressed after the client has left', () => {
  const budget = createByteBudget(10);
  const left = budget.open();
  left.add(4);
  left.release();
  expect(() => left.add(4)).toThrow('the client closed the connection');
  expect(() => budget.open().add(10)).not.toThrow();
});
