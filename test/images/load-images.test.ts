import { execFile } from 'node:child_process';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { partsOf, type ImagePart, type Item } from '../../src/conversation/item.ts';
import type { Resolve } from '../../src/images/guarded-get.ts';
import { createImages } from '../../src/images/load-images.ts';
import { BASE64_FORMS } from '../support/base64-forms.ts';
import { dataUrl, makePng, SMALL } from '../support/images.ts';
import { createMemoryLog } from '../support/memory-log.ts';

/** A public address that is given to nobody: a guard that fails still reaches no one. */
const PUBLIC = '2000::1';

const NEVER = new AbortController().signal;
const CANNOT_BE_FETCHED =
  "Invalid 'messages[0].content[0].image_url': the image cannot be fetched; send a PNG, JPEG, GIF or WebP as a base64 data URL instead.";

const part = (url: string, index = 0): ImagePart => ({
  type: 'image',
  url,
  detail: 'auto',
  path: `messages[0].content[${index}].image_url`,
});
const message = (...urls: string[]): Item => ({
  type: 'message',
  role: 'user',
  parts: [...urls.map(part), { type: 'text', text: 'look' }],
  path: 'messages[0]',
});

const execFileAsync = promisify(execFile);

/** A web server on loopback, and what it was asked for. */
async function startWeb(handler: RequestListener) {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.headers.host} ${request.url}`);
    handler(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, requests };
}

const LOOPBACK: Resolve = async () => [{ address: '127.0.0.1', family: 4 }];

function create(hosts: string[] = [], resolve?: Resolve) {
  const log = createMemoryLog();
  const images = createImages({ hosts, observer: log, ...(resolve && { resolve }) });
  return { log, load: (...urls: string[]) => images.load([message(...urls)], NEVER) };
}

/** All refusals of the guard read alike; the log alone says why. */
async function expectNotFetched(loading: Promise<unknown>, log: { lines: string[] }, reason: RegExp) {
  await expect(loading).rejects.toMatchObject({
    code: 'invalid_image',
    message: CANNOT_BE_FETCHED,
    detail: { param: 'messages[0].content[0].image_url' },
  });
  expect(log.lines).toEqual([expect.stringMatching(reason)]);
}

describe('a data URL', () => {
  it('is passed on unchanged', async () => {
    const url = dataUrl(SMALL.png, 'jpeg');
    const [item] = await create().load(url);
    expect(partsOf(item!)).toEqual([part(url), { type: 'text', text: 'look' }]);
  });

  it.each([
    ['without base64', 'data:image/png,abc'],
    ['without data', 'data:image/png;base64'],
    ['with a trailing letter that completes no byte', 'data:image/png;base64,iVBOR'],
    ['with padding in the middle', 'data:image/png;base64,iVBO==Rw'],
    ['with characters outside the base64 alphabets', 'data:image/png;base64,iVB!ORw='],
    ['with an incomplete percent escape', 'data:image/png;base64,iVBORw%3'],
  ])('%s is refused', async (_name, url) => {
    await expect(create().load(url)).rejects.toThrow(
      'expected an http(s) URL or a base64 data URL such as data:image/png;base64,…',
    );
  });

  it.each(BASE64_FORMS)('with base64 %s is passed on in its plain form', async (_how, write) => {
    const [item] = await create().load(`data:image/png;base64,${write(SMALL.png.toString('base64'))}`);
    expect(partsOf(item!)[0]).toEqual(part(dataUrl(SMALL.png)));
  });

  it.each([
    ['spaces in its header', ' data: image/png ; base64 ,'],
    ['a parameter', 'data:image/png; charset=binary;base64,'],
    ['capital letters', 'DATA:image/png;BASE64,'],
  ])('with %s is passed on in its plain form', async (_what, head) => {
    const [item] = await create().load(head + SMALL.png.toString('base64'));
    const { url } = partsOf(item!)[0] as ImagePart;
    expect(url).toMatch(/^data:image\/png;base64,/i);
    expect(url.endsWith(`,${SMALL.png.toString('base64')}`)).toBe(true);
  });

  it.each([
    ['text', dataUrl(Buffer.from('hello'))],
    ['an SVG', dataUrl(Buffer.from('<svg/>'), 'svg+xml')],
  ])('containing %s is refused', async (_name, url) => {
    await expect(create().load(url)).rejects.toThrow('is not a readable PNG, JPEG, GIF or WebP');
  });
});

it.each([
  'file:///etc/passwd',
  'ftp://example.com/x.png',
  'blob:x',
  'x.png',
  '',
  'httpx://example.com',
  'http:',
])('refuses the URL %j', async (url) => {
  await expect(create().load(url)).rejects.toMatchObject({ code: 'invalid_image' });
});

describe('image limits', () => {
  it('refuse too many pixels in one image or in all images together', async () => {
    await expect(create().load(dataUrl(makePng(8000, 5001)))).rejects.toThrow(
      'the image has 8000 × 5001 pixels, over 40000000',
    );
    const large = dataUrl(makePng(8000, 5000));
    expect(await create().load(large, large)).toHaveLength(1);
    await expect(create().load(large, large, large)).rejects.toMatchObject({
      message: expect.stringContaining('over 100000000 pixels together'),
      detail: { param: 'messages[0].content[2].image_url' },
    });
  });

  it('refuse too many bytes in one image or in all images together', async () => {
    const sized = (bytes: number) =>
      dataUrl(Buffer.concat([SMALL.png, Buffer.alloc(bytes - SMALL.png.length)]));
    await expect(create().load(sized(20 * 1024 * 1024 + 1))).rejects.toThrow('is over 20971520 bytes');
    const large = sized(18 * 1024 * 1024);
    await expect(create().load(large, large, large)).rejects.toThrow('over 52428800 bytes together');
  });

  it('refuse more than 16 images in a request', async () => {
    const many = Array.from({ length: 17 }, () => dataUrl(SMALL.png));
    await expect(create().load(...many)).rejects.toMatchObject({
      message: expect.stringContaining('a request may contain at most 16 images'),
      detail: { param: 'messages[0].content[16].image_url' },
    });
  });
});

describe('an http URL', () => {
  it.each(Object.entries(SMALL))(
    'of an allowed host is fetched as %s, whatever its content type',
    async (type, bytes) => {
      const web = await startWeb((_request, response) =>
        response.setHeader('content-type', 'text/plain').end(bytes),
      );
      const [item] = await create(['127.0.0.1']).load(`http://127.0.0.1:${web.port}/x`);
      expect(partsOf(item!)[0]).toMatchObject({ url: dataUrl(bytes, type) });
    },
  );

  it('is requested without credentials and without content encoding', async () => {
    const seen = Promise.withResolvers<object>();
    const web = await startWeb((request, response) => {
      seen.resolve(request.headers);
      response.end(SMALL.png);
    });
    await create(['images.test'], LOOPBACK).load(`http://IMAGES.test:${web.port}/x?y=z`);
    expect(await seen.promise).toEqual({
      host: `images.test:${web.port}`,
      accept: 'image/*',
      'accept-encoding': 'identity',
      'user-agent': 'codex-gateway',
      connection: 'close',
    });
    expect(web.requests).toEqual([`images.test:${web.port} /x?y=z`]);
  });

  it('bypasses the proxy that Node is configured with', async () => {
    const web = await startWeb((_request, response) => response.end(SMALL.png));
    // Node reads its proxy when it starts.
    const script = `
      import { createImages } from '${new URL('../../src/images/load-images.ts', import.meta.url).href}';
      const log = { info: (...line) => console.log(...line) };
      const images = createImages({ hosts: ['127.0.0.1'], log });
      const part = { type: 'image', url: 'http://127.0.0.1:${web.port}/', detail: 'auto', path: 'x' };
      const items = [{ type: 'message', role: 'user', parts: [part], path: 'x' }];
      await images.load(items, new AbortController().signal);
    `;
    const proxy = 'http://127.0.0.1:9';
    const env = { NODE_USE_ENV_PROXY: '1', HTTP_PROXY: proxy, http_proxy: proxy };
    await execFileAsync(process.execPath, ['--input-type=module', '-e', script], { env });
    expect(web.requests).toHaveLength(1);
  });

  it('follows a redirect on an allowed host', async () => {
    const web = await startWeb((request, response) => {
      if (request.url === '/image') response.end(SMALL.png);
      else response.writeHead(302, { location: '/image' }).end();
    });
    expect(await create(['127.0.0.1']).load(`http://127.0.0.1:${web.port}/there`)).toHaveLength(1);
  });

  it('of an allowed host is fetched however the host is spelled', async () => {
    const web = await startWeb((_request, response) => response.end(SMALL.png));
    for (const [listed, asked] of [
      ['Listed.TEST', 'listed.test'],
      ['bücher.test', 'xn--bcher-kva.test'],
      ['127.1', '127.0.0.1'],
    ]) {
      expect(await create([listed!], LOOPBACK).load(`HTTP://${asked}:${web.port}/`)).toHaveLength(1);
    }
  });

  it('stops being fetched when its request is aborted', async () => {
    const web = await startWeb(() => {});
    const controller = new AbortController();
    const images = createImages({ hosts: ['127.0.0.1'], observer: createMemoryLog() });
    const loading = images.load([message(`http://127.0.0.1:${web.port}/`)], controller.signal);
    controller.abort(new Error('gone'));
    await expect(loading).rejects.toThrow('gone');
  });
});

describe('the image guard', () => {
  it.each([
    ['a private IPv4 address', 'http://127.0.0.1:{port}/'],
    ['a private address in hexadecimal', 'http://0x7f.1:{port}/'],
    ['a private address as one number', 'http://2130706433:{port}/'],
    ['IPv6 loopback', 'http://[::1]:{port}/'],
    ['an IPv4-mapped IPv6 address', 'http://[::ffff:127.0.0.1]:{port}/'],
    ['a NAT64 address', 'http://[64:ff9b::7f00:1]:{port}/'],
    ['the name localhost', 'http://localhost:{port}/'],
    ['a cloud metadata service', 'http://169.254.169.254/'],
  ])('refuses %s', async (_name, url) => {
    const web = await startWeb((_request, response) => response.end(SMALL.png));
    const { load, log } = create();
    await expectNotFetched(load(url.replace('{port}', String(web.port))), log, /"address"/);
    expect(web.requests).toEqual([]);
  });

  it('refuses a name that resolves to a private address, alone or among public ones', async () => {
    for (const addresses of [['10.0.0.1'], [PUBLIC, '127.0.0.1'], []]) {
      const { load, log } = create([], async () =>
        addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      );
      await expectNotFetched(load('http://images.test/'), log, /"address"/);
    }
  });

  it('resolves a name only once, so that a changed answer has no effect', async () => {
    const web = await startWeb((_request, response) => response.end(SMALL.png));
    const answers = ['127.0.0.1', '127.0.0.2'];
    const { load } = create(['listed.test'], async () => [{ address: answers.shift()!, family: 4 }]);
    expect(await load(`http://listed.test:${web.port}/`)).toHaveLength(1);
    expect(answers).toEqual(['127.0.0.2']);

    const later = ['10.0.0.1', PUBLIC];
    const other = create([], async () => [{ address: later.shift()!, family: 4 }]);
    await expectNotFetched(other.load('http://images.test/'), other.log, /"address"/);
    expect(later).toEqual([PUBLIC]);
  });

  it('refuses a response that takes too long', async () => {
    const web = await startWeb((_request, response) => response.writeHead(200).flushHeaders());
    const log = createMemoryLog();
    const images = createImages({ hosts: ['127.0.0.1'], observer: log, fetchTimeoutMs: 50 });
    const loading = images.load([message(`http://127.0.0.1:${web.port}/`)], NEVER);
    await expect(loading).rejects.toMatchObject({
      code: 'image_timeout',
      message: expect.stringContaining('cannot be fetched in time'),
      detail: { param: 'messages[0].content[0].image_url' },
    });
    expect(log.lines).toEqual([expect.stringMatching(/"timeout"/)]);
  });

  it('refuses a redirect to a private address, another scheme or a URL with credentials', async () => {
    const locations = [
      'http://127.0.0.2:{port}/',
      'http://private.test:{port}/',
      'file:///etc/passwd',
      'http://u:p@x.test/',
    ];
    const reasons = [/"address"/, /"address"/, /"scheme"/, /"credentials in the URL"/];
    for (const [index, location] of locations.entries()) {
      const web = await startWeb((_request, response) =>
        response.writeHead(302, { location: location.replace('{port}', String(web.port)) }).end(),
      );
      const { load, log } = create(['listed.test'], LOOPBACK);
      await expectNotFetched(load(`http://listed.test:${web.port}/`), log, reasons[index]!);
      expect(web.requests).toHaveLength(1);
    }
  });

  it.each<[name: string, handler: RequestListener, reason: RegExp]>([
    [
      'an endless redirect',
      (_q, response) => response.writeHead(302, { location: '/' }).end(),
      /"too many redirects"/,
    ],
    [
      'a redirect to an invalid URL',
      (_q, response) => response.writeHead(302, { location: 'http://' }).end(),
      /"redirect"/,
    ],
    ['a status other than 200', (_q, response) => response.writeHead(404).end(SMALL.png), /"status 404"/],
    [
      'a content encoding',
      (_q, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(),
      /"content encoding"/,
    ],
    [
      'a declared size over the limit',
      (_q, response) => response.writeHead(200, { 'content-length': 21e6 }).end(),
      /"size"/,
    ],
    ['an actual size over the limit', (_q, response) => response.end(Buffer.alloc(21_000_000)), /"size"/],
    ['a body that is not an image', (_q, response) => response.end('hello'), /"no image"/],
    ['a response that breaks off', (_q, response) => response.socket!.destroy(), /"ECONNRESET"/],
  ])('refuses %s', async (_name, handler, reason) => {
    const web = await startWeb(handler);
    const { load, log } = create(['127.0.0.1']);
    await expectNotFetched(load(`http://127.0.0.1:${web.port}/`), log, reason);
  });

  it('refuses images that together exceed the byte limit of a request', async () => {
    const padded = Buffer.concat([SMALL.png, Buffer.alloc(18 * 1024 * 1024)]);
    const web = await startWeb((_request, response) => response.end(padded));
    const urls = [1, 2, 3].map((index) => `http://127.0.0.1:${web.port}/${index}`);
    const { load, log } = create(['127.0.0.1']);
    await expect(load(...urls)).rejects.toThrow('cannot be fetched');
    expect(log.lines[0]).toMatch(/"size"/);
  });

  it('aborts the other fetches of a request when one fails', async () => {
    const closed = Promise.withResolvers<void>();
    const web = await startWeb((request, response) => {
      if (request.url === '/slow') response.on('close', closed.resolve);
      else setImmediate(() => response.writeHead(404).end());
    });
    const site = `http://127.0.0.1:${web.port}`;
    await expect(create(['127.0.0.1']).load(`${site}/slow`, `${site}/none`)).rejects.toThrow(
      'cannot be fetched',
    );
    await closed.promise;
    expect(web.requests).toHaveLength(2);
  });

  it('waits for only one unresponsive name of a request at a time', async () => {
    let asked = 0;
    const log = createMemoryLog();
    const resolve: Resolve = async () => {
      asked += 1;
      return await new Promise<never>(() => {});
    };
    const images = createImages({ hosts: [], observer: log, resolve, fetchTimeoutMs: 50 });
    const loading = images.load([message('http://a.test/', 'http://b.test/', 'http://c.test/')], NEVER);
    await expect(loading).rejects.toThrow('cannot be fetched');
    expect(asked).toBe(1);
  });

  it('refuses credentials in the URL and keeps them out of the log', async () => {
    const { load, log } = create(['127.0.0.1']);
    await expectNotFetched(load('http://user:secret@127.0.0.1:1/'), log, /"credentials in the URL"/);
    expect(log.lines.join()).not.toContain('secret');
  });

  it('refuses an address at which nothing listens', async () => {
    const { load, log } = create(['127.0.0.1']);
    await expectNotFetched(load('http://127.0.0.1:1/'), log, /"ECONNREFUSED"/);
  });
});
