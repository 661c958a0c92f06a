import { expect, it } from 'vitest';
import { callOf, gatedTool } from '../../support/internal-tool.ts';
import { openTestTools } from '../../support/open-test-tools.ts';
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

it('a question has no characters that deceive the person, whatever the arguments hold', async () => {
  const tool = gatedTool();
  const gate = { ...tool.gate!, ask: ({ text }: { text: string }) => `Change it?\n${text}` };
  const changing = { ...tool, gate };
  const { service } = await openTestTools({ tools: [changing] });
  const text = `a\u001B[2Jb\u202Ec\u0000d\u2028e\u200Bf\rg${'h'.repeat(10_000)}`;
  const { question } = await service.prepare(callOf(changing, { text, dry_run: false }));
  expect(question).toMatch(/^Change it\?\na \[2Jb c d e f gh+…$/);
  expect(question!.length).toBeLessThan(2_100);
});
