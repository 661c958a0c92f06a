import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';

const STREAM =
  'event: response.created\ndata: {"a": 1.50}\n\n: odd\r\n\r\nevent: response.completed\ndata: {}\n\n';

let gateway: TestGateway;
let copilot: Server;
const received: { headers: IncomingMessage['headers']; body: Buffer }[] = [];

beforeAll(async () => {
  copilot = createServer(async (request, response) => {
    received.push({ headers: request.headers, body: await buffer(request) });
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const byte of Buffer.from(STREAM)) response.write(Buffer.of(byte));
    response.end();
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

it('a response of Copilot comes back byte for byte, and the request went up as it was', async () => {
  const body = '{ "model":"gpt-5.5", "input":"hi", "temperature": 1.0 }';
  const answer = await gateway.fetch('/copilot/v1/responses', { method: 'POST', body });
  expect(await answer.text()).toBe(STREAM);
  expect(received[0]?.body.toString()).toBe(body);
  expect(received[0]?.headers.authorization).toBe('Bearer tid=1;exp=2:mac');
});
