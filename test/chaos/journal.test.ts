import { expect, it, onTestFinished } from 'vitest';
import { createJournal, type Ending } from './journal.ts';

const SEEN = { times: 1, steps: 1, treatment: 'answered' } as const;
const UNSEEN = { times: 0, steps: 0, treatment: undefined };
const ADVICE = 'The model provider may have been asked already.';

/** Returns the broken invariants of one request that ended in an excused way. */
function judge(ending: Partial<Ending>): readonly string[] {
  const journal = createJournal();
  onTestFinished(() => journal.close());
  journal.openWindow('fault', () => true);
  journal.record({
    id: 'x',
    kind: 'chat, whole',
    startedMs: 0,
    endedMs: 60_000,
    outcome: '503 codex_unavailable',
    retryAfter: 1,
    asked: [UNSEEN, UNSEEN],
    ...ending,
  });
  return journal.violations;
}

it('an interruption may advise another attempt only if the model was not asked', () => {
  expect(judge({ shouldRetry: 'true' })).toEqual([]);
  expect(judge({ shouldRetry: 'true', asked: [UNSEEN, SEEN] })).toEqual([
    expect.stringContaining('beside x-should-retry: true, though the model was asked.'),
  ]);
  expect(judge({ shouldRetry: 'false', detail: ADVICE, asked: [UNSEEN, SEEN] })).toEqual([]);
});

it('an earlier step of the model is not counted as one of the request that failed', () => {
  expect(judge({ shouldRetry: 'true', asked: [SEEN, UNSEEN], stepsBefore: 1 })).toEqual([]);
  expect(judge({ shouldRetry: 'true', asked: [SEEN, SEEN], stepsBefore: 1 })).toHaveLength(1);
});

it('the header and the message of an interruption agree', () => {
  expect(judge({ shouldRetry: 'false' })).toHaveLength(1);
  expect(judge({ shouldRetry: 'true', detail: ADVICE })).toHaveLength(1);
  expect(judge({ shouldRetry: undefined })).toHaveLength(1);
  const late = { outcome: '504 idle_timeout', asked: [UNSEEN, SEEN] };
  expect(judge({ ...late, shouldRetry: 'false' })).toEqual([]);
  expect(judge({ ...late, shouldRetry: 'true' })).toHaveLength(1);
});

it('the model may be asked once for each request under one key that failed', () => {
  const twice = { ...SEEN, times: 2 };
  const failed = { shouldRetry: 'false', detail: ADVICE, asked: [UNSEEN, twice] };
  expect(judge({ ...failed, attempts: 2 })).toEqual([]);
  expect(judge(failed)).toHaveLength(1);
});
