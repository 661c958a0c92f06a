import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { beforeAll, describe, expect, it } from 'vitest';
import { findChromium, openBrowser } from '../support/browser.ts';
import { TOKEN } from '../support/gateway.ts';
import { say } from '../support/upstream.ts';
import { useSharedGateway } from '../support/use-test-gateway.ts';

const chromium = findChromium();

/** The name of another host, which leads to this machine as after DNS rebinding. */
const EVIL = 'evil.example';

interface Tried {
  /** Status, headers and body, as far as the page could read them, or the name of the error. */
  readonly status?: number;
  readonly type?: string;
  readonly requestId?: string | null;
  readonly ignored?: string | null;
  readonly text?: string;
  readonly error?: string;
}

/** The results of one page, by the name of what it tried. */
type Report = Readonly<Record<string, Tried>>;

/** Runs in the page. The token is the right one: a page must not get through even if it knows it. */
const SCRIPT = `
async function attempt(url, init) {
  try {
    const response = await fetch(url, init);
    const { status, type, headers } = response;
    const text = await response.text();
    const ignored = headers.get('x-codex-gateway-ignored');
    return { status, type, requestId: headers.get('x-request-id'), ignored, text };
  } catch (error) {
    return { error: error.name };
  }
}
function openSocket(url) {
  return new Promise((resolve) => {
    const socket = new WebSocket(url);
    socket.onopen = () => resolve({ status: 101 });
    socket.onerror = () => resolve({ error: 'closed' });
  });
}
async function tryAll({ gateway, named, token }) {
  const authorization = 'Bearer ' + token;
  const messages = [{ role: 'user', content: 'hello' }];
  const body = JSON.stringify({ model: 'gpt-5.5', messages, stream: true, seed: 1 });
  const chat = { method: 'POST', body, headers: { authorization, 'content-type': 'application/json' } };
  return {
    chat: await attempt(gateway + '/v1/chat/completions', chat),
    refused: await attempt(gateway + '/v1/models'),
    health: await attempt(gateway + '/healthz'),
    blind: await attempt(gateway + '/v1/chat/completions', { method: 'POST', body, mode: 'no-cors' }),
    rebound: await attempt(named + '/v1/models'),
    socket: await openSocket(gateway.replace('http', 'ws') + '/v1/responses'),
  };
}
`;

/** Tries everything, in the page itself and in a frame without an origin. */
const page = (facts: object) => `<!doctype html><title>test</title><script>
${SCRIPT}
const facts = ${JSON.stringify(facts)};
const frame = document.createElement('iframe');
frame.sandbox = 'allow-scripts';
const framed = new Promise((resolve) => onmessage = ({ data }) => resolve(data));
frame.srcdoc = '<script>' + ${JSON.stringify(SCRIPT)} +
  'tryAll(' + JSON.stringify(facts) + ').then((report) => parent.postMessage(report, "*"))</' + 'script>';
document.documentElement.append(frame);
(async () => {
  const report = { page: await tryAll(facts), frame: await framed };
  const response = await fetch('/report', { method: 'POST', body: JSON.stringify(report) });
  location = await response.text();
})();
</script>`;

/** Opens the page on localhost and then on another host, and returns what each could do. */
async function visitBoth(
  path: string,
  origin: string,
): Promise<Record<string, { page: Report; frame: Report }>> {
  const reports: Record<string, { page: Report; frame: Report }> = {};
  const both = Promise.withResolvers<void>();
  const server = createServer((request, response) => {
    const facts = { gateway: origin, named: `http://${EVIL}:${new URL(origin).port}`, token: TOKEN };
    if (request.method !== 'POST') {
      response.writeHead(200, { 'content-type': 'text/html' }).end(page(facts));
      return;
    }
    void text(request).then((report) => {
      reports[new URL(request.headers.origin!).hostname] = JSON.parse(report);
      response.end(`http://${EVIL}:${(server.address() as AddressInfo).port}/`);
      if (EVIL in reports) both.resolve();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const browser = openBrowser(path, `http://localhost:${port}/`, [EVIL]);
  try {
    await both.promise;
    return reports;
  } finally {
    await browser.close();
    server.closeAllConnections();
    server.close();
  }
}

describe.skipIf(chromium === undefined)('in a real browser (needs Chromium, or CHROMIUM_PATH)', () => {
  const gateway = useSharedGateway();
  let reports: Awaited<ReturnType<typeof visitBoth>>;
  let turns = 0;
  beforeAll(async () => {
    const script = say('Hello to the page.');
    gateway.upstream.use((...given) => {
      turns += 1;
      return script(...given);
    });
    reports = await visitBoth(chromium!, gateway.running.origin);
  });

  it('a page on localhost can chat, and reads the stream and its headers', () => {
    const { chat } = reports.localhost!.page;
    expect(chat).toMatchObject({ status: 200, ignored: 'seed' });
    expect(chat!.requestId).toMatch(/^req_/);
    expect(chat!.text).toContain('data: [DONE]');
  });

  it('a page on localhost can read an error', () => {
    const { refused } = reports.localhost!.page;
    expect(refused).toMatchObject({
      status: 401,
      text: expect.stringContaining('invalid_api_key') as string,
    });
  });

  it('a page on localhost gets nothing from a host name that is not this machine', () => {
    expect(reports.localhost!.page.rebound).toMatchObject({
      status: 403,
      text: expect.stringContaining('forbidden_host') as string,
    });
  });

  it.each(['page', 'frame'] as const)(
    'on another host, a %s can do nothing, even with the token',
    (place) => {
      const { blind, ...others } = reports[EVIL]![place];
      expect(new Set(Object.values(others).map(({ error }) => error))).toEqual(
        new Set(['TypeError', 'closed']),
      );
      // The browser sends this one without asking, and shows nothing of the answer.
      expect([blind!.status ?? 0, blind!.text ?? '']).toEqual([0, '']);
    },
  );

  it('only the page on localhost has caused a turn', () => {
    expect(turns).toBe(1);
  });
});
