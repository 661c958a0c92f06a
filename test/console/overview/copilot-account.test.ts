import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { CopilotOverview } from '../../../src/console/contract/overview.ts';
import { keepCopilotAccount } from '../../../src/console/overview/copilot-account.ts';
import { useFakeTimers } from '../../support/fake-timers.ts';

beforeEach(useFakeTimers);
afterEach(() => void vi.useRealTimers());

const accountOf = (user: string): CopilotOverview => ({
  user,
  plan: 'individual',
  quotas: [],
  resets_on: null,
  problem: null,
});

function open() {
  const questions: PromiseWithResolvers<CopilotOverview>[] = [];
  const signals: AbortSignal[] = [];
  const news: string[] = [];
  const { read, stop } = keepCopilotAccount({
    ask(signal) {
      signals.push(signal);
      const question = Promise.withResolvers<CopilotOverview>();
      questions.push(question);
      return question.promise;
    },
    onAnswer: () => void news.push('answer'),
  });
  const answer = async (value: CopilotOverview) => {
    questions.at(-1)!.resolve(value);
    await vi.advanceTimersByTimeAsync(0);
  };
  return { read, stop, questions, signals, answer, news };
}

it('nobody waits for GitHub, whose answer comes later and is announced', async () => {
  const { read, answer, news } = open();
  expect(read(true)).toBeNull();
  await answer(accountOf('mona'));
  expect(news).toEqual(['answer']);
  expect(read(true)).toEqual(accountOf('mona'));
});

it('GitHub is asked at most once in five minutes, and not at all where nobody is signed in', async () => {
  const { read, questions, answer } = open();
  read(false);
  expect(questions).toHaveLength(0);
  for (let second = 0; second < 300; second += 1) {
    read(true);
    await vi.advanceTimersByTimeAsync(1_000);
  }
  expect(questions).toHaveLength(1);
  await answer(accountOf('mona'));
  expect(read(true)).toEqual(accountOf('mona'));
  expect(questions).toHaveLength(2);
});

it('what was known holds while GitHub cannot be read, and the reason is beside it', async () => {
  const { read, questions, answer, news } = open();
  read(true);
  await answer(accountOf('mona'));
  await vi.advanceTimersByTimeAsync(300_000);
  read(true);
  questions.at(-1)!.reject(new Error('broken'));
  await vi.advanceTimersByTimeAsync(300_000);
  expect(news).toEqual(['answer']);
  expect(read(true)).toEqual(accountOf('mona'));
  await answer({ user: null, plan: null, quotas: [], resets_on: null, problem: 'GitHub cannot be reached.' });
  expect(read(true)).toEqual({ ...accountOf('mona'), problem: 'GitHub cannot be reached.' });
});

it('an answer about an account that was signed out meanwhile is not shown for the next one', async () => {
  const { read, questions, answer } = open();
  read(true);
  read(false);
  read(true);
  questions[0]!.resolve(accountOf('mona'));
  await vi.advanceTimersByTimeAsync(0);
  expect(read(true)).toBeNull();
  await answer(accountOf('hubot'));
  expect(read(true)).toEqual(accountOf('hubot'));
});

it('a stop ends the question that is under way', () => {
  const { read, stop, signals } = open();
  read(true);
  stop();
  expect(signals[0]!.aborted).toBe(true);
});
