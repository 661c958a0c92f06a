import { describe, expect, it } from 'vitest';
import { readConsoleCookie, setConsoleCookie } from '../../../src/http/requests/console-cookie.ts';
import { sendHttp } from '../../support/send-http.ts';
import { serve } from '../../support/serve.ts';

const PAGE = { 'x-codex-gateway-console': 'page-key' };

async function set(headers: Readonly<Record<string, string>>) {
  const { origin } = await serve((ctx) => {
    setConsoleCookie(ctx, 'secret', 60);
    ctx.status = 204;
  });
  return (await sendHttp(origin, { headers })).headers['set-cookie'];
}

async function read(headers: Readonly<Record<string, string>>) {
  const { origin } = await serve((ctx) => {
    ctx.body = { keys: readConsoleCookie(ctx) ?? null };
  });
  const { status, text } = await sendHttp(origin, { headers: { host: 'localhost:8000', ...headers } });
  return { status, keys: (JSON.parse(text) as { keys?: unknown }).keys };
}

describe('the cookie', () => {
  it('has the name of the port that the browser sees, also behind a port of a container', async () => {
    const headers = { host: 'localhost:8001', origin: 'http://localhost:8001' };
    expect(await set(headers)).toEqual([
      expect.stringMatching(/^codex-gateway-8001=secret; path=\/; expires=[^;]+; samesite=strict; httponly$/),
    ]);
  });

  it('is for TLS and this host alone where the page comes over TLS', async () => {
    const headers = { host: 'gateway.example', origin: 'https://gateway.example' };
    expect(await set(headers)).toEqual([
      expect.stringMatching(
        /^__Host-codex-gateway=secret; path=\/; expires=[^;]+; samesite=strict; secure; httponly$/,
      ),
    ]);
    const { keys } = await read({ host: 'gateway.example', cookie: '__Host-codex-gateway=secret', ...PAGE });
    expect(keys).toEqual({ token: 'secret', pageKey: 'page-key' });
  });

  const cookie = 'codex-gateway-8000=secret';

  it.each<[what: string, headers: Readonly<Record<string, string>>]>([
    ['by a browser that says so', { 'sec-fetch-site': 'same-origin' }],
    ['by an older browser', { origin: 'http://localhost:8000' }],
    ['by an older browser that reads', {}],
  ])('counts when its own page sends it, %s', async (_, headers) => {
    expect(await read({ cookie, ...PAGE, ...headers })).toMatchObject({ keys: { token: 'secret' } });
  });

  it.each<[what: string, headers: Readonly<Record<string, string>>]>([
    ['without the header of the page', { 'sec-fetch-site': 'same-origin', 'x-codex-gateway-console': '' }],
    ['from another port', { cookie: 'codex-gateway-9000=secret' }],
  ])('counts as none %s', async (_, headers) => {
    expect(await read({ cookie, ...PAGE, ...headers })).toEqual({ status: 200, keys: null });
  });

  it.each<[what: string, headers: Readonly<Record<string, string>>]>([
    ['another port of the host', { 'sec-fetch-site': 'same-site' }],
    ['another host', { 'sec-fetch-site': 'cross-site' }],
    ['the address bar', { 'sec-fetch-site': 'none' }],
    ['another port, in an older browser', { origin: 'http://localhost:3000' }],
    ['a frame without an origin', { origin: 'null' }],
  ])('is refused from %s', async (_, headers) => {
    expect(await read({ cookie, ...PAGE, ...headers })).toMatchObject({ status: 403 });
  });
});
