import { expect, it } from 'vitest';
import type { Citation, TurnEvent } from '../../../src/conversation/turn-event.ts';
import { placeCommentary } from '../../../src/gateway/answer/place-commentary.ts';
import { passStage } from '../../support/script-turns.ts';

const cite = (start: number, end: number): Citation => ({
  type: 'citation',
  url: 'https://example.com',
  title: 'Example',
  start,
  end,
});
const begin = (phase: 'commentary' | 'final_answer') => ({ type: 'message-start', phase }) as const;

const EVENTS: readonly TurnEvent[] = [
  begin('commentary'),
  { type: 'commentary-delta', text: 'I look it up.' },
  cite(2, 6),
  begin('final_answer'),
  { type: 'text-delta', text: '{"a":"Bern"}' },
  cite(13 + 6, 13 + 10),
];

it('turns commentary into text and leaves citations in place', async () => {
  expect(await passStage(placeCommentary(true), EVENTS)).toEqual(
    EVENTS.map((event) => (event.type === 'commentary-delta' ? { ...event, type: 'text-delta' } : event)),
  );
});

it('turns commentary beside JSON into reasoning and shifts the citations of the text', async () => {
  expect(await passStage(placeCommentary(false), EVENTS)).toEqual([
    EVENTS[0],
    { type: 'reasoning-delta', text: 'I look it up.', paragraph: 'commentary' },
    EVENTS[3],
    EVENTS[4],
    cite(6, 10),
  ]);
});
