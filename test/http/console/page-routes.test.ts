import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { request } from 'node:http';
import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { pageRoutes } from '../../../src/http/console/page-routes.ts';
import type { Middleware } from '../../../src/http/requests/context.ts';
import { createRouter } from '../../../src/http/routing/create-router.ts';
import { serve } from '../../support/serve.ts';
import { createFolder } from '../../support/temporary-folder.ts';

const SCRIPT = 'export const words = "words";\n'.repeat(200);

async function serveFiles() {
  const folder = createFolder();
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const assets = join(folder, 'console/assets');
  mkdirSync(assets, { recursive: true });
  writeFileSync(join(assets, 'page-1a.js'), SCRIPT);
  writeFileSync(join(folder, 'index.html'), '<!doctype html>');
  const router = createRouter();
  for (const { path, handlers } of pageRoutes({ folder })) router.get(path, ...handlers);
  const { origin } = await serve(router.routes() as Middleware);
  return {
    folder,
    async get(path: string, headers: Record<string, string> = {}, method = 'GET') {
      const sent = request(`${origin}${path}`, {
        method,
        headers: { accept: 'text/html', ...headers },
      }).end();
      const [response] = await once(sent, 'response');
      return { status: response.statusCode, headers: response.headers, body: await buffer(response) };
    },
  };
}

const ASSET = '/console/assets/page-1a.js';

it('a file of the page is compressed as the browser wants it, and is kept by it for good', async () => {
  const { get } = await serveFiles();
  const brotli = await get(ASSET, { 'accept-encoding': 'gzip, deflate, br' });
  expect(brotli.headers).toMatchObject({
    'content-encoding': 'br',
    'content-type': expect.stringContaining('javascript'),
    'cache-control': 'public, max-age=31536000, immutable',
    vary: expect.stringMatching(/accept-encoding/i),
    'content-length': String(brotli.body.length),
  });
  expect(brotliDecompressSync(brotli.body).toString()).toBe(SCRIPT);
  const gzip = await get(ASSET, { 'accept-encoding': 'gzip' });
  expect(gunzipSync(gzip.body).toString()).toBe(SCRIPT);
  const plain = await get(ASSET);
  expect(plain.headers['content-encoding']).toBeUndefined();
  expect(plain.body.toString()).toBe(SCRIPT);
  const head = await get(ASSET, { 'accept-encoding': 'gzip' }, 'HEAD');
  expect([head.headers['content-length'], head.body.length]).toEqual([String(gzip.body.length), 0]);
});

it('the page itself is asked for each time, and sent only if it has changed', async () => {
  const { get, folder } = await serveFiles();
  const first = await get('/');
  expect(first.headers).toMatchObject({
    'cache-control': 'no-cache',
    'content-type': expect.stringContaining('html'),
  });
  const { etag = '' } = first.headers;
  const again = await get('/', { 'if-none-match': etag });
  expect([again.status, again.body.length]).toEqual([304, 0]);
  writeFileSync(join(folder, 'index.html'), '<!doctype html><p>new');
  const changed = await get('/', { 'if-none-match': etag });
  expect([changed.status, changed.body.toString()]).toEqual([200, '<!doctype html><p>new']);
});

it('a program that asks for no page gets the error of any unknown path at /', async () => {
  const { get } = await serveFiles();
  const { status, body } = await get('/', { accept: '*/*' });
  expect([status, body.toString()]).toEqual([404, expect.stringContaining('Unknown request URL: GET /.')]);
});

it.each(['/console/assets/page-2b.js', '/console/assets/..%2f..%2findex.html', '/console/assets/.stamp'])(
  'nothing of the disk but the files of the page is sent for %s',
  async (path) => {
    const { get } = await serveFiles();
    const { status, headers } = await get(path, { 'accept-encoding': 'br' });
    expect(status).toBe(404);
    expect(headers['cache-control']).toBeUndefined();
  },
);
