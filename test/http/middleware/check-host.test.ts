import { expect, it } from 'vitest';
import type { Reach } from '../../../src/http/base-app.ts';
import { sendHttp, type HttpAnswer } from '../../support/send-http.ts';
import { sendRaw } from '../../support/send-raw.ts';
import { saying, startSocketGateway } from '../../support/socket-gateway.ts';

async function ask(
  host: string,
  { path = '/healthz', isOpen = false, ...reach }: Reach & { path?: string; isOpen?: boolean } = {},
): Promise<HttpAnswer> {
  const { origin } = await startSocketGateway(saying('Hi.'), { reach, ...(isOpen && { tokens: undefined }) });
  // A page may not use a server without a token.
  const page = isOpen ? {} : { origin: 'http://localhost:3000' };
  return await sendHttp(`${origin}${path}`, { headers: { host, ...page } });
}

it.each([
  'localhost',
  'localhost:8000',
  'LOCALHOST.',
  'a.localhost:1',
  '127.0.0.1:8000',
  '127.9.9.9',
  '[::1]:8000',
])('a request for %s, which is this machine, is answered', async (host) => {
  expect((await ask(host)).status).toBe(200);
});

it.each([
  'evil.example',
  'localhost.evil.example',
  '127.0.0.1.evil.example:8000',
  '192.168.0.1:8000',
  '0.0.0.0:8000',
  '[::2]',
  'a_b.example:443',
])('a request for %s is refused with 403', async (host) => {
  const { status, text } = await ask(host);
  expect(status).toBe(403);
  expect(JSON.parse(text)).toMatchObject({
    error: {
      code: 'forbidden_host',
      type: 'invalid_request_error',
      message: expect.stringContaining("'allowedHosts'") as string,
    },
  });
});

it.each(['/', '/healthz', '/status', '/v1/models', '/v1/chat/completions', '/copilot/v1/models', '/nothing'])(
  'a request for another host is refused at %s before its token is looked at, and a local page may read why',
  async (path) => {
    const { status, headers, text } = await ask('evil.example', { path });
    expect(status).toBe(403);
    expect(text).toContain('forbidden_host');
    expect(headers['access-control-allow-origin']).toBe('http://localhost:3000');
  },
);

const LISTED: Reach = { allowedHosts: ['Gateway.Example', 'tunnel.example:8443', '192.168.0.7', 'fd00::7'] };

it.each([
  'gateway.example',
  'GATEWAY.example:8000',
  'gateway.example.',
  'tunnel.example:8443',
  '192.168.0.7:8000',
  '[fd00::7]:8000',
  'localhost',
])('a request for %s is answered if the list of hosts has it', async (host) => {
  expect((await ask(host, LISTED)).status).toBe(200);
});

it.each([
  ['https.example', 'https.example:443', 200],
  ['http.example', 'http.example:80', 200],
  ['https.example:443', 'https.example:443', 200],
  ['https.example:80', 'https.example:443', 403],
  ['tunnel.example', 'tunnel.example:8443', 403],
])('a request for %s with %s in the list is answered with %i', async (host, entry, expected) => {
  expect((await ask(host, { allowedHosts: [entry] })).status).toBe(expected);
});

it.each([
  ['to connect through', 'CONNECT localhost:443 HTTP/1.1'],
  ['whose target cannot be read', 'GET http://[ HTTP/1.1'],
  ['for everything', 'OPTIONS * HTTP/1.1'],
])('a request %s for another host is refused because of its host', async (_, line) => {
  const { origin } = await startSocketGateway(saying('Hi.'));
  const answer = await sendRaw(origin, `${line}\r\nhost: evil.example\r\nconnection: close\r\n\r\n`);
  expect(answer).toMatch(/^HTTP\/1\.1 403 /);
  expect(answer).toContain('forbidden_host');
});

it.each(['a.gateway.example', 'tunnel.example', 'tunnel.example:443', '192.168.0.70', '[fd00::8]'])(
  'a request for %s is refused if the list of hosts has only something like it',
  async (host) => {
    expect((await ask(host, LISTED)).status).toBe(403);
  },
);

it('a server without a token answers for this machine alone, whatever the list of hosts says', async () => {
  expect((await ask('gateway.example', { ...LISTED, isOpen: true })).text).toContain('forbidden_host');
  expect((await ask('localhost', { ...LISTED, isOpen: true })).status).toBe(200);
});

it.each(['a b', 'a/b', 'user@a', 'a:99999', '[::1', 'a?b', '*'])(
  'a request with the unreadable host "%s" is refused with 400',
  async (host) => {
    expect((await ask(host, LISTED)).status).toBe(400);
  },
);

it('a complete URL as the target of a request counts as well as its Host', async () => {
  const { origin } = await startSocketGateway(saying('Hi.'));
  const answer = await sendRaw(
    origin,
    'GET http://evil.example/healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n',
  );
  expect(answer).toMatch(/^HTTP\/1\.1 403 /);
  expect(answer).toContain('forbidden_host');
});

it('a client of HTTP/1.0 may name no host at all', async () => {
  const { origin } = await startSocketGateway(saying('Hi.'));
  expect(await sendRaw(origin, 'GET /healthz HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1\.1 200 /);
});

it.each([
  ['an empty host is refused with 400', 'host:', 400],
  ['one host of this machine and another one is refused', 'host: localhost\r\nhost: evil.example', 403],
])('a request that names %s', async (_, lines, status) => {
  const { origin } = await startSocketGateway(saying('Hi.'));
  const answer = await sendRaw(origin, `GET /healthz HTTP/1.1\r\n${lines}\r\nconnection: close\r\n\r\n`);
  expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
});
