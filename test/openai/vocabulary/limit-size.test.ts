import { expect, it } from 'vitest';
import type { TurnEvent } from '../../../src/conversation/turn-event.ts';
import { limitSize } from '../../../src/openai/vocabulary/limit-size.ts';

async function* texts(...sizes: number[]): AsyncGenerator<{ value: TurnEvent }> {
  for (const size of sizes) yield { value: { type: 'text-delta', text: 'x'.repeat(size) } };
}

it('passes on the events of an answer of a normal size', async () => {
  expect(await Array.fromAsync(limitSize(texts(1, 2)))).toHaveLength(2);
});

it('fails with advice for an answer over 64 million characters', async () => {
  const half = 33 * 1024 * 1024;
  await expect(Array.fromAsync(limitSize(texts(half, half), 'ask for less'))).rejects.toMatchObject({
    code: 'answer_too_large',
    message: expect.stringContaining('ask for less') as string,
  });
});
