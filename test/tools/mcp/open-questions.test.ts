import { expect, it } from 'vitest';
import { createOpenQuestions } from '../../../src/tools/mcp/open-questions.ts';

const call = (title: string, caller = 'a') => ({ caller, tool: 'fake.change', arguments: { title } });

it('a question is open for ten minutes', () => {
  let now = 0;
  const questions = createOpenQuestions(() => now);
  const [first, second] = [questions.open(call('x')), questions.open(call('x'))];
  now = 10 * 60_000 - 1;
  expect(questions.take(first, call('x'))).toBe(true);
  now += 1;
  expect(questions.take(second, call('x'))).toBe(false);
});

it('a key with many questions loses its first, and no other key does', () => {
  const questions = createOpenQuestions();
  const other = questions.open(call('x', 'b'));
  const states = Array.from({ length: 51 }, () => questions.open(call('x')));
  expect(questions.take(states[0], call('x'))).toBe(false);
  expect(questions.take(states[1], call('x'))).toBe(true);
  expect(questions.take(other, call('x', 'b'))).toBe(true);
});
