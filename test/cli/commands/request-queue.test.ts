import { expect, it } from 'vitest';
import { createRequestQueue } from '../../../src/cli/commands/agent/request-queue.ts';

it('a decision of this command is its own also if it is heard before the answer has arrived', async () => {
  const { promise: sent, resolve: send } = Promise.withResolvers<void>();
  const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>();
  const queue = createRequestQueue({
    ask: async () => await Promise.resolve({ decision: 'deny' }),
    async send() {
      send();
      await arrived;
    },
  });
  queue.add({ request_id: 'r1' });
  queue.add({ request_id: 'r2' });
  await sent;
  expect(queue.settle('r1')).toBe(true);
  // Nobody has been asked about it yet.
  expect(queue.settle('r2')).toBe(false);
  arrive();
});
