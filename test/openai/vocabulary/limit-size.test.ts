import { expect, it } from 'vitest';
import type { TurnEvent } from '../../../src/conversation/turn-event.ts';
import { limitSize } from '../../../src/openai/vocabulary/limit-size.ts';

const text = (size: number): TurnEvent => ({ type: 'text-delta', text: 'x'.repeat(size) });

it('accepts the events of an answer of a normal size', () => {
  const check = limitSize();
  for (const size of [1, 2]) expect(() => check([text(size), text(size)])).not.toThrow();
});

it('fails with advice for an answer over 64 million characters', () => {
  const half = text(33 * 1024 * 1024);
  const check = limitSize('ask for less');
  check([half]);
  expect(() => check([half])).toThrow(
    expect.objectContaining({
      code: 'answer_too_large',
      message: expect.stringContaining('ask for less') as string,
    }),
  );
  expect(() => limitSize()([half, half])).toThrow('stream it instead');
});
