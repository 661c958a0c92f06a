import { expect, it } from 'vitest';
import { keepBodies } from '../../../src/http/middleware/keep-bodies.ts';
import type { Context } from '../../../src/http/requests/context.ts';

const LOG = { open: () => ({ keepRequest() {}, keepAnswer() {} }) };

async function serve(path: string) {
  const state: Partial<Context['state']> = { requestId: 'req_1' };
  const ctx = { path, state, res: {} } as Context;
  await keepBodies(LOG, (given) => given.startsWith('/console'))(ctx, async () => {});
  return { isKept: state.keeper !== undefined };
}

it('bodies of private paths are not kept, whatever the log knows of the request', async () => {
  expect(await serve('/v1/responses')).toEqual({ isKept: true });
  expect(await serve('/console/tokens')).toEqual({ isKept: false });
});
