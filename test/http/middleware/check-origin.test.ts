import { request } from 'node:http';
import { expect, it } from 'vitest';
import { saying, startSocketGateway } from '../../support/socket-gateway.ts';

async function ask(headers: Readonly<Record<string, string>>): Promise<{ status: number; text: string }> {
  const { origin } = await startSocketGateway(saying('Hi.'));
  return await new Promise((resolve, reject) => {
    const asking = request(`${origin}/healthz`, { headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (piece: string) => (text += piece));
      response.once('end', () => resolve({ status: response.statusCode!, text }));
    });
    asking.once('error', reject).end();
  });
}

it.each([
  'null',
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
])('accepts a request from the local or app origin %s', async (origin) => {
  expect((await ask({ origin })).status).toBe(200);
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
])('refuses a request from the origin %s with 403', async (origin) => {
  const { status, text } = await ask({ origin });
  expect(status).toBe(403);
  expect(JSON.parse(text)).toMatchObject({
    error: { code: 'forbidden_origin', type: 'invalid_request_error', param: null },
  });
});

it.each(['localhost:8000', '[::1]:8000', 'my-tunnel.example', 'a_b.example:443'])(
  'accepts a request with the host %s',
  async (host) => {
    expect((await ask({ host })).status).toBe(200);
  },
);

it.each(['a b', 'a/b', 'user@a', 'a:99999', '[::1', 'a?b'])(
  'refuses a request with the invalid host "%s" with 400',
  async (host) => {
    expect((await ask({ host })).status).toBe(400);
  },
);
