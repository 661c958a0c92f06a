import { expect, it } from 'vitest';
import type { AnswerEvent, StopReason } from '../../../src/conversation/turn-event.ts';
import { NO_USAGE } from '../../../src/conversation/usage.ts';
import { askForSummary, readSummary } from '../../../src/gateway/state/compaction.ts';
import { INSTRUCTIONS } from '../../../src/gateway/answer/instructions.ts';
import { batchAnswers } from '../../support/answer-batches.ts';

const end = (reason: StopReason): AnswerEvent => ({
  type: 'turn-end',
  reason,
  isComplete: reason === 'stop',
  usage: NO_USAGE,
});
const text = (...deltas: readonly string[]): AnswerEvent[] =>
  deltas.map((delta) => ({ type: 'text-delta', text: delta }));

async function read(...events: readonly AnswerEvent[]) {
  return await readSummary(batchAnswers(events), () => {});
}

it('asks for a summary as text at the end of the conversation', () => {
  const said = {
    type: 'message',
    role: 'user',
    path: 'input',
    parts: [{ type: 'text', text: 'hi' }],
  } as const;
  const request = askForSummary({ model: 'm', items: [said] });
  expect(request).toMatchObject({ n: 1, format: { type: 'text' }, turn: { model: 'm' } });
  expect(request.turn.items).toMatchObject([
    said,
    { role: 'developer', parts: [{ text: INSTRUCTIONS.summary }] },
  ]);
});

it('reads no more of a summary that is too large', async () => {
  const checkSize = () => {
    throw new Error('too large');
  };
  const batches = batchAnswers([...text('They ', 'met.'), end('stop')]);
  await expect(readSummary(batches, checkSize)).rejects.toThrow('too large');
  expect(await batches.next()).toMatchObject({ done: true });
});

it('returns the text of the answer as the summary', async () => {
  const thought: AnswerEvent = { type: 'reasoning-delta', text: 'hm', paragraph: 'a' };
  expect(await read(thought, ...text('They ', 'met.'), end('stop'))).toEqual({
    text: 'They met.',
    usage: NO_USAGE,
  });
});

it.each([
  ['is empty', [end('stop')]],
  ['is blank', [...text(' \n'), end('stop')]],
  ['was cut off', [...text('They'), end('length')]],
  ['was filtered', [...text('They'), end('content-filter')]],
])('rejects a summary that %s', async (_name, events) => {
  await expect(read(...events)).rejects.toMatchObject({ code: 'invalid_answer' });
});
