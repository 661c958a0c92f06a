import { expect, it } from 'vitest';
import { GatewayError } from '../../../src/base/errors.ts';
import { sendJson, type JsonOptions } from '../../../src/http/edge/send-json.ts';
import { serve } from '../../support/serve.ts';

/** Sends the body to one client. */
async function send(body: () => Promise<object>, options: Partial<JsonOptions> = {}) {
  const failures: unknown[] = [];
  const { origin } = await serve((ctx) =>
    sendJson(ctx, {
      body: body(),
      firstSpaceMs: 10,
      nextSpaceMs: 5,
      headers: () => ({ 'x-given': 'yes' }),
      stallLimitMs: 60_000,
      onError: (error) => void failures.push(error),
      ...options,
    }),
  );
  return { failures, response: await fetch(origin) };
}

const later = async (): Promise<object> => {
  await new Promise((resolve) => setTimeout(resolve, 60));
  return { a: 1 };
};

async function failLater(): Promise<object> {
  await later();
  throw new GatewayError('overloaded', 'Too much.');
}

it('a JSON answer that comes soon has no spaces before it', async () => {
  const { response } = await send(async () => ({ a: 1 }));
  expect([response.headers.get('x-given'), await response.text()]).toEqual(['yes', '{"a":1}']);
});

it('a JSON answer that takes long has spaces before it', async () => {
  const { response } = await send(later);
  expect([response.status, response.headers.get('x-given')]).toEqual([200, 'yes']);
  expect(await response.text()).toMatch(/^ {2,}\{"a":1\}$/);
});

it('a JSON answer that takes long does not make Node warn of a leak when others watch the response too', async () => {
  const { origin } = await serve((ctx) => {
    // A running gateway has as many.
    for (let count = 0; count < 5; count += 1) ctx.res.once('close', () => {});
    const times = { firstSpaceMs: 10, nextSpaceMs: 5, stallLimitMs: 60_000 };
    return sendJson(ctx, { ...times, body: later(), headers: () => ({}), onError: () => {} });
  });
  expect(await (await fetch(origin)).json()).toEqual({ a: 1 });
});

it('a JSON answer has no spaces before it if they are switched off', async () => {
  const { response } = await send(later, { firstSpaceMs: 0 });
  expect(await response.text()).toBe('{"a":1}');
});

it('a failure before the first space keeps its status', async () => {
  const { response, failures } = await send(failLater, { firstSpaceMs: 0 });
  expect([response.status, failures]).toEqual([503, []]);
});

it('a failure after the first space is encoded in the body, and reported', async () => {
  const { response, failures } = await send(failLater, {
    encodeFailure: async (error) => ({ failed: (error as Error).message }),
  });
  expect(JSON.parse(await response.text())).toEqual({ failed: 'Too much.' });
  expect(failures).toMatchObject([{ code: 'overloaded' }]);
});

it('a failure after the first space that cannot be encoded breaks the connection', async () => {
  const { response, failures } = await send(failLater);
  await expect(response.text()).rejects.toThrow();
  expect(failures).toMatchObject([{ code: 'overloaded' }]);
});
