import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { LAST_RESULT } from './answers.ts';
import { startScriptedUpstream, type ScriptedUpstream } from './scripted-upstream.ts';

async function start(): Promise<ScriptedUpstream> {
  const upstream = await startScriptedUpstream();
  onTestFinished(upstream.close);
  return upstream;
}

it('calls a tool until the last result comes, and counts what each side sends', async () => {
  const upstream = await start();
  upstream.use({ type: 'call' });
  const ask = async (side: string, body: object) => {
    const path = `/${side}/v1/responses`;
    const sent = request({ host: '127.0.0.1', port: upstream.port, path, method: 'POST' });
    sent.end(JSON.stringify(body));
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    return await text(response);
  };
  const first = { input: [], prompt_cache_key: 'one' };
  expect(await ask('gateway', first)).toContain('"call_id":"call_1"');
  expect(await ask('gateway', { input: ['a result'], prompt_cache_key: 'two' })).toContain('call_2');
  expect(await ask('bare', first)).toContain('call_3');
  expect(await ask('bare', { ...first, input: [LAST_RESULT] })).toContain('response.output_text.delta');

  expect(upstream.take('gateway')).toMatchObject({ requests: 2, cacheKeys: 2 });
  expect(upstream.take('bare')).toMatchObject({ requests: 2, cacheKeys: 1 });
  expect(upstream.take('bare')).toEqual({ requests: 0, bytes: 0, cacheKeys: 0 });
});

it("answers on Codex's WebSocket, with nothing to a request that only opens it", async () => {
  const upstream = await start();
  upstream.use({ type: 'text', deltas: 3 });
  const socket = new WebSocket(`ws://127.0.0.1:${upstream.port}/gateway/v1/responses`);
  await once(socket, 'open');
  const types: string[] = [];
  const completed = Promise.withResolvers<void>();
  socket.on('message', (data: Buffer) => {
    types.push((JSON.parse(data.toString()) as { type: string }).type);
    if (types.filter((type) => type === 'response.completed').length === 2) completed.resolve();
  });
  for (const generate of [false, true]) socket.send(JSON.stringify({ type: 'response.create', generate }));
  await completed.promise;
  socket.terminate();

  expect(types.slice(0, 2)).toEqual(['response.created', 'response.completed']);
  expect(types.filter((type) => type === 'response.output_text.delta')).toHaveLength(3);
});
