import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';

let gateway: TestGateway;
let copilot: Server;
const received: { headers: IncomingMessage['headers']; body: string }[] = [];

beforeAll(async () => {
  copilot = createServer((request, response) => {
    void text(request).then((body) => {
      received.push({ headers: request.headers, body });
      response.end();
    });
  });
  await new Promise<void>((resolve) => copilot.listen(0, '127.0.0.1', resolve));
  const { port } = copilot.address() as AddressInfo;
  gateway = await startTestGateway({
    environment: {
      COPILOT_RESPONSES_URL: `http://127.0.0.1:${port}/responses`,
      COPILOT_BEARER_TOKEN: 'tid=1;exp=2:mac',
    },
  });
});

afterAll(async () => {
  await gateway.close();
  copilot.closeAllConnections();
  copilot.close();
});

const METADATA = '{"turn_id":"1","request_kind":"turn","workspaces":{"/home/me/secret":{}}}';

async function send(body: string): Promise<{ headers: IncomingMessage['headers']; body: string }> {
  const headers = { 'x-codex-turn-metadata': METADATA, 'x-codex-window-id': 'w', cookie: 'a=1' };
  await (await gateway.fetch('/copilot/v1/responses', { method: 'POST', body, headers })).text();
  return received.at(-1)!;
}

const linesAboutStrips = () =>
  gateway.log.lines.filter((line) => line.includes('taken out of a request to GitHub Copilot'));

it('tools that search the web and the metadata of a turn do not reach Copilot, and the log says so', async () => {
  const metadata = JSON.stringify(METADATA);
  const sent = await send(
    `{"input":"hi", "tools":[{"type":"web_search"}],"client_metadata":{"x-codex-turn-metadata":${metadata}},"n":1.0}`,
  );
  expect(sent.body).toBe('{"input":"hi", "tools":[],"client_metadata":{},"n":1.0}');
  expect(sent.headers).toMatchObject({ 'x-initiator': 'user', 'x-codex-window-id': 'w' });
  expect(JSON.stringify(sent)).not.toContain('/home/me');
  expect(sent.headers.cookie).toBeUndefined();
  expect(linesAboutStrips()).toEqual([
    expect.stringMatching(/^info .*"removed":"web_search, client_metadata\.x-codex-turn-metadata"/) as string,
  ]);
});

it('a further request of the same turn is by the agent, and nothing is logged where nothing was taken out', async () => {
  const count = linesAboutStrips().length;
  const sent = await send('{"input":"hi"}');
  expect(sent).toMatchObject({ body: '{"input":"hi"}', headers: { 'x-initiator': 'agent' } });
  expect(linesAboutStrips()).toHaveLength(count);
});
