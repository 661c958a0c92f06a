import { expect, it } from 'vitest';
import { limitCallers } from '../../../src/http/requests/limit-callers.ts';
import { serve } from '../../support/serve.ts';

it('a stream counts until it ends, also one that its handler does not wait for', async () => {
  const { origin } = await serve(
    (ctx, next) => {
      ctx.state.caller = { id: ctx.get('x-caller'), name: 'caller', scopes: [] };
      return next();
    },
    limitCallers(2),
    (ctx) => {
      ctx.respond = false;
      ctx.res.writeHead(200).flushHeaders();
    },
  );
  const ask = async (caller: string) => {
    const leaving = new AbortController();
    const { status } = await fetch(origin, { headers: { 'x-caller': caller }, signal: leaving.signal });
    return { status, leave: () => leaving.abort() };
  };
  const first = await ask('one');
  expect([first.status, (await ask('one')).status]).toEqual([200, 200]);
  expect((await ask('one')).status).toBe(429);
  expect((await ask('other')).status).toBe(200);
  first.leave();
  await expect.poll(async () => (await ask('one')).status).toBe(200);
});
