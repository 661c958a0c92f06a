import { expect, it } from 'vitest';
import { closeInOrder } from '../../../src/base/async/close-in-order.ts';

function closer(events: string[], name: string, failure?: Error) {
  return async () => {
    events.push(`${name} begins`);
    await Promise.resolve();
    events.push(`${name} ends`);
    if (failure) throw failure;
  };
}

it('closes one thing after the other', async () => {
  const events: string[] = [];
  await closeInOrder([closer(events, 'a'), () => undefined, closer(events, 'b')]);
  expect(events).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
});

it('closes the rest after a failure, and then throws the first one', async () => {
  const events: string[] = [];
  const [first, second] = [new Error('first'), new Error('second')];
  const closing = closeInOrder([
    closer(events, 'a', first),
    () => {
      events.push('b');
      throw second;
    },
    closer(events, 'c'),
  ]);
  await expect(closing).rejects.toBe(first);
  expect(events).toEqual(['a begins', 'a ends', 'b', 'c begins', 'c ends']);
});
