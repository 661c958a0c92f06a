import { expect, it } from 'vitest';
import type { Reach } from '../../../src/http/base-app.ts';
import { sendHttp, type HttpAnswer } from '../../support/send-http.ts';
import { saying, startSocketGateway } from '../../support/socket-gateway.ts';

async function ask(origin: string, reach: Reach = {}, isOpen = false): Promise<HttpAnswer> {
  const gateway = await startSocketGateway(saying('Hi.'), { reach, ...(isOpen && { tokens: undefined }) });
  return await sendHttp(`${gateway.origin}/healthz`, { headers: { origin } });
}

it.each([
  'http://localhost',
  'http://localhost:3000',
  'https://app.localhost:8443',
  'http://127.0.0.1:8000',
  'http://127.8.9.10',
  'http://[::1]:8000',
  'tauri://localhost',
  'vscode-webview://1a2b3c',
  'app://obsidian.md',
  'file://',
])('a page of the local or app origin %s is answered and may read the answer', async (origin) => {
  const { status, headers } = await ask(origin);
  expect(status).toBe(200);
  expect(headers).toMatchObject({ 'access-control-allow-origin': origin, vary: 'Origin' });
});

it('a page from a file or in a sandbox, whose origin is null, is answered but may not read the answer', async () => {
  const { status, headers } = await ask('null');
  expect(status).toBe(200);
  expect(headers).not.toHaveProperty('access-control-allow-origin');
});

it('a program that sends no Origin gets no headers for pages', async () => {
  const { origin } = await startSocketGateway(saying('Hi.'));
  const { status, headers } = await sendHttp(`${origin}/healthz`);
  expect(status).toBe(200);
  expect(Object.keys(headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
});

it.each([
  'https://evil.example',
  'HTTP://evil.example',
  'http://localhost.evil.example',
  'http://evillocalhost',
  'http://127.0.0.1.evil.example',
  'http://192.168.0.1',
  'http://[::2]',
  'http://0.0.0.0:8000',
  'http://',
])('a page of %s is refused with 403 and may not read why', async (origin) => {
  const { status, headers, text } = await ask(origin);
  expect(status).toBe(403);
  expect(headers).not.toHaveProperty('access-control-allow-origin');
  expect(JSON.parse(text)).toMatchObject({
    error: { code: 'forbidden_origin', type: 'invalid_request_error', param: null },
  });
});

const LISTED: Reach = { allowedOrigins: ['https://app.example', 'http://Intranet:8080', 'app://*'] };

it.each([
  'https://app.example',
  'https://app.example:443',
  'http://intranet:8080',
  'app://obsidian.md',
  'http://localhost:3000',
  'http://127.0.0.1',
])('with a list of origins, a page of %s may read the answer', async (origin) => {
  const { status, headers } = await ask(origin, LISTED);
  expect(status).toBe(200);
  expect(headers['access-control-allow-origin']).toBe(origin);
});

it.each([
  'http://app.example',
  'https://app.example:8443',
  'https://evil.app.example',
  'https://app.example.evil.example',
  'http://intranet',
  'tauri://localhost',
  'null',
])('with a list of origins that lacks it, %s is refused', async (origin) => {
  expect((await ask(origin, LISTED)).status).toBe(403);
});

it('a list of origins may have null in it', async () => {
  const { headers } = await ask('null', { allowedOrigins: ['null'] });
  expect(headers['access-control-allow-origin']).toBe('null');
});

it.each(['null', 'http://localhost:3000', 'http://127.0.0.1', 'https://app.example'])(
  'a server without a token refuses the page of %s, also if it is listed',
  async (origin) => {
    const { status, headers, text } = await ask(origin, { allowedOrigins: [origin] }, true);
    expect(status).toBe(403);
    expect(headers).not.toHaveProperty('access-control-allow-origin');
    expect(text).toContain('Web pages cannot call a server without a token');
  },
);

it.each(['app://obsidian.md', 'tauri://localhost'])(
  'a server without a token answers the app %s like any program, and shares nothing with pages in it',
  async (origin) => {
    const { status, headers } = await ask(origin, { allowedOrigins: ['app://*'] }, true);
    expect(status).toBe(200);
    expect(headers).not.toHaveProperty('access-control-allow-origin');
  },
);
