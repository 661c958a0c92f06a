import { rmSync } from 'node:fs';
import { expect, it, onTestFinished } from 'vitest';
import { startTestGateway } from '../support/gateway.ts';
import { createFolder } from '../support/temporary-folder.ts';
import { say, type UpstreamRequest } from '../support/upstream.ts';
import { startBareClient } from './clients/bare-client.ts';
import { CHAT } from './clients/chat-wire.ts';
import { userMessage } from './clients/client.ts';
import { createHttpClient } from './clients/http-client.ts';
import { RESPONSES } from './clients/responses-wire.ts';
import { MARKER } from './upstream/answers.ts';

it('the bare client asks the provider for the same as the gateway, and reads the same answer', async () => {
  const gateway = await startTestGateway();
  onTestFinished(() => gateway.close());
  const folder = createFolder();
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const { baseUrl } = gateway.upstream;
  const environment = { PATH: process.env.PATH ?? '', HOME: folder };
  const bare = await startBareClient({ baseUrl, folder, environment });
  onTestFinished(() => bare.close());
  const address = { port: Number(new URL(gateway.running.origin).port), token: 'test-token' };
  const chat = createHttpClient(CHAT, address);
  const responses = createHttpClient(RESPONSES, address);
  onTestFinished(async () => {
    await chat.close();
    await responses.close();
  });

  gateway.upstream.use(say(`${MARKER}1 `, `${MARKER}2 `));
  for (const client of [bare, chat, responses]) {
    const reply = await client.ask({ items: [userMessage('hello')], hasTools: true });
    expect(reply.read()).toMatchObject({
      deltas: 2,
      items: [{ type: 'message', role: 'assistant', content: [{ text: 'word1 word2 ' }] }],
    });
    expect(reply.firstMs).toBeGreaterThan(0);
  }
  const [first, ...others] = gateway.upstream.requests.map(withoutIds);
  expect(others).toEqual([first, first]);
});

/** Removes what differs from one request to the next. */
function withoutIds({ body }: UpstreamRequest): object {
  const input = body.input.map((item) => ({ ...item, id: undefined }));
  return { ...body, input, prompt_cache_key: undefined, client_metadata: undefined };
}
