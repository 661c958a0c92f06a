import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { BASE64_FORMS } from '../support/base64-forms.ts';
import { dataUrl, makePng, SMALL } from '../support/images.ts';
import { childrenOf, residentMegabytes } from '../support/process.ts';

let gateway: TestGateway;
const web = createServer((request, response) => {
  response.end(SMALL[request.url!.slice(1) as keyof typeof SMALL]);
});
let site: string;

beforeAll(async () => {
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
  site = `http://127.0.0.1:${(web.address() as AddressInfo).port}`;
  gateway = await startTestGateway({ config: { imageHosts: ['127.0.0.1'] } });
});
afterAll(async () => {
  await gateway.close();
  web.closeAllConnections();
  web.close();
});
beforeEach(() => {
  gateway.upstream.requests.length = 0;
});

const image = (url: string, detail?: string) => ({
  type: 'image_url',
  image_url: { url, ...(detail && { detail }) },
});
const ask = (content: object[], options: object = {}) =>
  gateway.post({ model: 'gpt-5.5', messages: [{ role: 'user', content }], ...options });
/** The content of the one message that reached the provider. */
const sent = () => gateway.upstream.requests.at(-1)!.body.input[0]!.content;

describe.each(['gpt-5.5', 'gpt-6-sol'])('an image for %s', (model) => {
  it.each(['png', 'jpeg', 'webp'] as const)('%s arrives unchanged, by either kind of URL', async (type) => {
    const url = dataUrl(SMALL[type], type);
    const text = { type: 'text', text: 'look' };
    const response = await ask([text, image(url), image(`${site}/${type}`)], { model });
    expect([response.status, response.headers.get('x-codex-gateway-adjusted')]).toEqual([200, null]);
    expect(sent()).toMatchObject([
      { type: 'input_text', text: 'look' },
      { type: 'input_image', image_url: url },
      { type: 'input_image', image_url: url },
    ]);
  });

  it.each([false, true])(
    'gif arrives as a PNG that Codex made, named in the header (stream: %s)',
    async (stream) => {
      const response = await ask([image(dataUrl(SMALL.gif, 'gif')), image(`${site}/gif`)], { model, stream });
      expect(response.headers.get('x-codex-gateway-adjusted')).toBe(
        'messages[0].content[0].image_url=image/gif->image/png;re-encoded, ' +
          'messages[0].content[1].image_url=image/gif->image/png;re-encoded',
      );
      await response.text();
      const png = expect.stringMatching(/^data:image\/png;base64,iVBOR/);
      expect(sent()).toMatchObject([{ image_url: png }, { image_url: png }]);
    },
  );
});

it.each([...BASE64_FORMS, ['as it is', String] as const])(
  'an image with base64 %s is sent upstream as plain base64',
  async (_how, write) => {
    const plain = SMALL.jpeg.toString('base64');
    const heads = [
      'data:image/jpeg;base64,',
      'data:image/jpeg;charset=binary;base64,',
      ' DATA:image/jpeg; base64,',
    ];
    const response = await ask(heads.map((head) => image(head + write(plain))));
    expect([response.status, response.headers.get('x-codex-gateway-adjusted')]).toEqual([200, null]);
    const urls = (sent() as { image_url?: string }[]).map(({ image_url: url }) => url!.replace(/^.*,/, ''));
    expect(urls).toEqual([plain, plain, plain]);
    const content = [{ type: 'input_image', image_url: heads[0]! + write(plain) }];
    const input = [{ role: 'user', content }];
    const body = JSON.stringify({ model: 'gpt-5.5', input });
    expect((await gateway.fetch('/v1/responses', { method: 'POST', body })).status).toBe(200);
    expect(sent()).toMatchObject([{ image_url: heads[0]! + plain }]);
  },
);

it('names the scaling of a large image and a detail that Codex does not know', async () => {
  const response = await ask([image(dataUrl(makePng(6100, 16)), 'low')]);
  expect(response.headers.get('x-codex-gateway-adjusted')).toBe(
    'messages[0].content[0].image_url.detail=low->original, ' +
      'messages[0].content[0].image_url=image/png->image/png;re-encoded',
  );
});

it('an image keeps its place among the messages of a long conversation', async () => {
  const url = dataUrl(SMALL.png);
  const turns = Array.from({ length: 30 }, (_, index) => ({
    role: index % 2 === 0 ? 'user' : 'assistant',
    content: index % 10 === 4 ? [image(url)] : `message ${index}`,
  }));
  const response = await gateway.post({
    model: 'gpt-5.5',
    messages: [...turns, { role: 'user', content: 'last' }],
  });
  expect(response.status).toBe(200);
  const { input } = gateway.upstream.requests[0]!.body;
  const places = input.flatMap((item, index) => (item.content![0]!.text === undefined ? [index] : []));
  expect(places).toEqual([4, 14, 24]);
});

describe('a wrong image', () => {
  const truncated = makePng(300, 300).subarray(0, 80);
  const refused: [name: string, url: string, why: RegExp][] = [
    ['an image bomb', dataUrl(makePng(14_000, 14_000)), /14000 × 14000 pixels/],
    ['a truncated PNG', dataUrl(truncated), /cannot be decoded/],
    [
      'an SVG',
      dataUrl(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'svg+xml'),
      /not a readable PNG, JPEG/,
    ],
    ['no base64', 'data:image/png;base64,***', /base64 data URL/],
    ['a file', 'file:///etc/passwd', /expected/],
    ['a private address', 'http://[::1]:1/x.png', /cannot be fetched/],
  ];
  it.each(refused)('is refused with a 400 that names the part: %s', async (_name, url, why) => {
    const [child] = childrenOf(process.pid, 'app-server');
    const before = residentMegabytes(child!);
    for (const stream of [false, true]) {
      const response = await ask([{ type: 'text', text: 'look' }, image(url)], { stream });
      expect(response.status).toBe(400);
      expect(await response.json()).toEqual({
        error: {
          message: expect.stringMatching(why),
          type: 'invalid_request_error',
          param: 'messages[0].content[1].image_url',
          code: 'invalid_image_url',
        },
      });
    }
    expect(gateway.upstream.requests).toEqual([]);
    expect(residentMegabytes(child!) - before).toBeLessThan(20);
  });

  it.each([
    [
      'a URL that is not an object',
      { type: 'image_url', image_url: 'data:,' },
      'messages[0].content[0].image_url',
    ],
    ['a detail that is none', image('data:,', 'fine'), 'messages[0].content[0].image_url.detail'],
  ])('is refused with a 400 that names the part: %s', async (_name, part, param) => {
    const response = await ask([part]);
    expect([response.status, await response.json()]).toMatchObject([400, { error: { param } }]);
  });

  it('is refused with a 400 that names the part in a message that no user sent', async () => {
    const response = await gateway.post({
      model: 'gpt-5.5',
      messages: [{ role: 'system', content: [image(dataUrl(SMALL.png))] }],
    });
    expect([response.status, await response.json()]).toMatchObject([
      400,
      {
        error: { param: 'messages[0].content[0]', message: expect.stringContaining('supported here: text') },
      },
    ]);
  });
});

it('decodes large images one after another and loses none', async () => {
  const url = dataUrl(makePng(3000, 3000));
  const responses = await Promise.all(Array.from({ length: 3 }, () => ask([image(url)])));
  expect(responses.map(({ status }) => status)).toEqual([200, 200, 200]);
});
