import { describe, expect, it } from 'vitest';
import { parseJsonBody } from '../../../src/app/worker/parse-json-body.ts';
import type { BodyParser } from '../../../src/http/body/body-parser.ts';
import { createByteBudget, type ByteBudget } from '../../../src/http/body/byte-budget.ts';
import { readBody, type BodyForm } from '../../../src/http/middleware/read-body.ts';
import type { RawBody } from '../../../src/http/requests/context.ts';
import { serve } from '../../support/serve.ts';

/** Parses as the worker thread does, to which the memory of the blocks goes. */
const parseBody: BodyParser = async (body) =>
  parseJsonBody(structuredClone(body, { transfer: body.blocks.map(({ buffer }) => buffer) }));

interface Read {
  readonly body: unknown;
  readonly raw: RawBody | undefined;
  readonly bytes?: Buffer | undefined;
}

/** Reads one body; `bodies` has what the route got. */
async function read(
  form: BodyForm,
  init: RequestInit,
  bodyBudget: ByteBudget = createByteBudget(10_000_000),
) {
  const bodies: Read[] = [];
  const { origin } = await serve(
    readBody({ bodyLimitBytes: 1_000_000, bodyBudget, parseBody }, form),
    (ctx) => {
      const { body, rawBody, bytes } = ctx.request;
      bodies.push({ body, raw: rawBody, ...(bytes && { bytes }) });
      ctx.body = {};
    },
  );
  const response = await fetch(origin, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    ...init,
  });
  return { status: response.status, bodies };
}

const bytesOf = (raw: RawBody | undefined) => Buffer.concat(raw?.blocks ?? []);

const SMALL = '{ "a": 1,  "b": "é" }';
const LARGE = JSON.stringify({ text: 'x'.repeat(500_000) });

describe.each([
  ['small', SMALL],
  ['large', LARGE],
])('a %s body', (_size, body) => {
  it('is parsed', async () => {
    expect((await read('parsed', { body })).bodies).toEqual([{ body: JSON.parse(body), raw: undefined }]);
  });

  it('keeps its bytes beside its value on a route that asks for them', async () => {
    const [got] = (await read('parsed-and-raw', { body })).bodies;
    expect(got!.body).toEqual(JSON.parse(body));
    expect(bytesOf(got!.raw).equals(Buffer.from(body))).toBe(true);
    expect(got!.raw).toMatchObject({ size: Buffer.byteLength(body), charset: 'utf-8' });
  });
});

it('the bytes of a compressed body are kept decompressed', async () => {
  const stream = new Blob([SMALL]).stream().pipeThrough(new CompressionStream('gzip'));
  const body = await new Response(stream).arrayBuffer();
  const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
  const [got] = (await read('parsed-and-raw', { body, headers })).bodies;
  expect(bytesOf(got!.raw).toString()).toBe(SMALL);
});

it('bytes that are kept count against the budget beside the value', async () => {
  const size = Buffer.byteLength(LARGE);
  expect((await read('parsed', { body: LARGE }, createByteBudget(size))).status).toBe(200);
  expect((await read('parsed-and-raw', { body: LARGE }, createByteBudget(2 * size - 1))).status).toBe(429);
  expect((await read('parsed-and-raw', { body: LARGE }, createByteBudget(2 * size))).status).toBe(200);
});

it('the bytes of a request are returned to the budget after its answer', async () => {
  const budget = createByteBudget(Buffer.byteLength(SMALL) * 2);
  await read('parsed-and-raw', { body: SMALL }, budget);
  await expect.poll(async () => (await read('parsed-and-raw', { body: SMALL }, budget)).status).toBe(200);
});

it('a request without a JSON body has no value and no bytes', async () => {
  const headers = { 'content-type': 'text/plain' };
  expect((await read('parsed-and-raw', { body: SMALL, headers })).bodies).toEqual([
    { body: undefined, raw: undefined },
  ]);
});

it.each([
  [413, JSON.stringify('x'.repeat(1_000_000)), {}],
  [400, '{', {}],
  [400, Buffer.from([0x22, 0xff, 0x22]), {}],
  [415, SMALL, { 'content-encoding': 'compress' }],
  [415, SMALL, { 'content-type': 'application/json; charset=klingon' }],
])('the status is %i for a body that cannot be read', async (status, body, headers) => {
  const got = await read('parsed', { body, headers: { 'content-type': 'application/json', ...headers } });
  expect(got).toEqual({ status, bodies: [] });
});

describe('a route that gets the bytes alone', () => {
  it.each([
    ['a small body', SMALL, 'application/json'],
    ['a large body', LARGE, 'application/json'],
    ['any other type and charset', SMALL, 'text/plain; charset=klingon'],
    ['no body', undefined, 'application/json'],
  ])('has those of %s', async (_what, body, type) => {
    const [got] = (await read('raw', { body: body ?? null, headers: { 'content-type': type } })).bodies;
    expect(got).toMatchObject({ body: undefined, raw: undefined });
    expect(got!.bytes?.equals(Buffer.from(body ?? ''))).toBe(true);
  });

  it('has those of a compressed body as they came, whatever its encoding', async () => {
    const headers = { 'content-encoding': 'gzip, odd' };
    const [got] = (await read('raw', { body: SMALL, headers })).bodies;
    expect(got!.bytes?.toString()).toBe(SMALL);
  });

  it('is not reached by a body over the limit', async () => {
    expect(await read('raw', { body: 'x'.repeat(1_000_001) })).toEqual({ status: 413, bodies: [] });
  });
});
