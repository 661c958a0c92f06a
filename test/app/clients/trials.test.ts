import { createOpenAI } from '@ai-sdk/openai';
import { generateText } from 'ai';
import OpenAI, { AzureOpenAI } from 'openai';
import { expect, it } from 'vitest';
import { CLIENTS } from '../../../src/app/clients/clients.ts';
import { TRIALS, type Trial } from '../../../src/app/clients/trials.ts';

const facts = { apiKey: 'test-token-of-this-suite', baseURL: 'http://127.0.0.1:1/v1' };
const messages = [{ role: 'user' as const, content: 'Hello' }];

/** Takes the place of `fetch`, and answers with what was sent. */
function recorder() {
  const sent: { path: string; headers: Headers; body: unknown }[] = [];
  async function fetch(url: unknown, init?: { headers?: unknown; body?: unknown }): Promise<Response> {
    const { pathname, search } = new URL(String(url));
    const headers = new Headers(init?.headers as Record<string, string>);
    sent.push({ path: pathname + search, headers, body: JSON.parse(String(init?.body)) });
    return Response.json({ error: { message: 'Seen.' } }, { status: 400 });
  }
  return { sent, fetch };
}

/** Sends the first request of a client by its own library; its error is the recorder's. */
const SENDERS: Readonly<Record<string, (fetch: ReturnType<typeof recorder>['fetch']) => Promise<unknown>>> = {
  node: async (fetch) =>
    await new OpenAI({ ...facts, fetch }).chat.completions.create({ model: 'gpt-5.5', messages }),
  azure: async (fetch) => {
    const own = { apiKey: facts.apiKey, endpoint: 'http://127.0.0.1:1', apiVersion: '2024-10-21' };
    const client = new AzureOpenAI({ ...own, deployment: 'gpt-5.5', fetch });
    return await client.chat.completions.create({ model: 'gpt-5.5', messages });
  },
  'ai-sdk': async (fetch) =>
    await generateText({
      model: createOpenAI({ ...facts, fetch })('gpt-5.5'),
      prompt: 'Hello',
      maxRetries: 0,
    }),
};

it.each(['node', 'azure', 'ai-sdk'] as const)(
  'the trial of %s sends what the library itself sends',
  async (id) => {
    const { sent, fetch } = recorder();
    await SENDERS[id]!(fetch).catch(() => {});
    const [{ path, headers, body }] = sent as [(typeof sent)[number]];
    const trial: Trial = TRIALS[id];
    const usual = { chat: '/v1/chat/completions', responses: '/v1/responses' }[trial.api];
    expect({ path: trial.path?.('gpt-5.5') ?? usual, body: { model: 'gpt-5.5', ...trial.body } }).toEqual({
      path,
      body,
    });
    expect(headers.get('user-agent')?.split(/[ /]\d/)[0]).toBe(trial.agent);
    expect(headers.get(trial.keyHeader ?? 'authorization')).toContain(facts.apiKey);
  },
);

it('every client that show knows has a trial', () => {
  expect(Object.keys(TRIALS).toSorted()).toEqual(Object.keys(CLIENTS).toSorted());
});
