import { rmSync } from 'node:fs';
import { expect, it, onTestFinished } from 'vitest';
import { scriptedProvider, startTestGateway, TOKEN, type TestGateway } from '../support/gateway.ts';
import { createFolder } from '../support/temporary-folder.ts';
import { say, type UpstreamRequest } from '../support/upstream.ts';
import { startBareClient } from './clients/bare-client.ts';
import { CHAT } from './clients/chat-wire.ts';
import { userMessage } from './clients/client.ts';
import { createHttpClient } from './clients/http-client.ts';
import { RESPONSES } from './clients/responses-wire.ts';
import { MARKER } from './upstream/answers.ts';
import { startScriptedUpstream } from './upstream/scripted-upstream.ts';
import { runConversation } from './workloads/conversation.ts';

/** Starts a gateway and a bare client before the same provider, and returns a client of each kind. */
async function startClients({ upstream, running }: TestGateway, baseUrl = upstream.baseUrl) {
  const folder = createFolder();
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  const environment = { PATH: process.env.PATH ?? '', HOME: folder };
  const bare = await startBareClient({ baseUrl, folder, environment });
  const address = { port: Number(new URL(running.origin).port), token: TOKEN };
  const chat = createHttpClient(CHAT, address);
  const responses = createHttpClient(RESPONSES, address);
  onTestFinished(async () => {
    for (const client of [bare, chat, responses]) await client.close();
  });
  return { bare, chat, responses };
}

it('the bare client asks the provider for the same as the gateway, and reads the same answer', async () => {
  const gateway = await startTestGateway();
  onTestFinished(() => gateway.close());
  const clients = await startClients(gateway);
  gateway.upstream.use(say(`${MARKER}1 `, `${MARKER}2 `));
  for (const client of Object.values(clients)) {
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

it('a loop of calls makes as many requests on either side', async () => {
  const upstream = await startScriptedUpstream();
  onTestFinished(upstream.close);
  upstream.use({ type: 'call' });
  const origin = `http://127.0.0.1:${upstream.port}`;
  const gateway = await startTestGateway({ codexConfig: () => scriptedProvider(`${origin}/gateway/v1`) });
  onTestFinished(() => gateway.close());
  const { bare, chat, responses } = await startClients(gateway, `${origin}/bare/v1`);
  const loop = { turns: 3, prompt: { type: 'hello' }, hasTools: true } as const;
  for (const client of [bare, chat]) {
    expect(await runConversation(client, { ...loop, usesPrevious: false })).toHaveLength(3);
  }
  expect(await runConversation(responses, { ...loop, usesPrevious: true })).toHaveLength(3);

  expect(upstream.take('bare')).toMatchObject({ requests: 3, cacheKeys: 3 });
  expect(upstream.take('gateway')).toMatchObject({ requests: 6 });
});

/** Removes what differs from one request to the next. */
function withoutIds({ body }: UpstreamRequest): object {
  const input = body.input.map((item) => ({ ...item, id: undefined }));
  return { ...body, input, prompt_cache_key: undefined, client_metadata: undefined };
}
