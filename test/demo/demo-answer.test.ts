import { expect, it } from 'vitest';
import { demoAnswer, demoPieces } from '../../src/demo/demo-answer.ts';

it('says that it is a demo, and what it was told last', () => {
  const input = [
    { role: 'user', content: [{ text: 'first' }] },
    { role: 'assistant', content: [{ text: 'answer' }] },
    { role: 'user', content: [{ text: 'second ' }, { text: 'part' }] },
  ];
  expect(demoAnswer({ input })).toMatch(/demo model.*no real model was asked\. You said: second part$/);
});

it.each([{}, { input: [] }, { input: [{ role: 'user' }] }])('has an answer to %j', (request) => {
  expect(demoAnswer(request)).toMatch(/You said nothing\.$/);
});

it('is streamed in pieces that lose nothing', () => {
  const answer = ' a  b\n\nc ';
  expect(demoPieces(answer).join('')).toBe(answer);
  expect(demoPieces('')).toEqual([]);
});
