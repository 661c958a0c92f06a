import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { COPILOT_TOKEN } from '../../support/copilot/copilot-fakes.ts';
import {
  shareCopilotServer,
  useCopilotServer,
  type TestCopilotServer,
} from '../../support/copilot/copilot-server.ts';
import { rateLimited } from '../../support/copilot/fake-copilot.ts';
import { answerWith } from '../../support/copilot/recording-server.ts';
import { TOKEN } from '../../support/gateway.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

interface ModelList {
  readonly object: string;
  readonly data: readonly { readonly id: string }[];
  readonly models: readonly Record<string, unknown>[];
}

async function list(gateway: TestCopilotServer): Promise<ModelList> {
  const answer = await gateway.fetch('/copilot/v1/models?client_version=0.171.0');
  expect(answer.status).toBe(200);
  return (await answer.json()) as ModelList;
}

const listsOf = ({ copilot }: TestCopilotServer) =>
  copilot.requests.filter(({ method }) => method === 'GET').length;

describe('GET /copilot/v1/models', () => {
  const gateway = shareCopilotServer();

  it("is OpenAI's list and Codex's own in one body", async () => {
    const body = await list(gateway);
    expect(Object.keys(body).toSorted()).toEqual(['data', 'models', 'object']);
    expect(body.data).toEqual(
      ['gpt-5.5', 'gpt-5.6-luna'].map((id) => ({
        id,
        object: 'model',
        created: 0,
        owned_by: 'OpenAI',
        context_length: 400_000,
        reasoning_efforts: ['low', 'medium', 'high'],
        input_modalities: ['text', 'image'],
      })),
    );
    expect(body.models.map(({ slug }) => slug)).toEqual(['gpt-5.5', 'gpt-5.6-luna']);
  });

  it('has, for each model, the keys without which Codex refuses the list, and its prompt', async () => {
    for (const model of (await list(gateway)).models) {
      expect(model).toMatchObject({
        display_name: expect.any(String),
        supported_reasoning_levels: ['low', 'medium', 'high'].map((effort) => ({
          effort,
          description: expect.any(String),
        })),
        shell_type: 'unified_exec',
        visibility: 'list',
        supported_in_api: true,
        priority: expect.any(Number),
        support_verbosity: expect.any(Boolean),
        truncation_policy: { mode: 'tokens', limit: 10_000 },
        experimental_supported_tools: [],
        base_instructions: expect.stringMatching(/^You are Codex/),
        context_window: 400_000,
        max_context_window: 400_000,
        input_modalities: ['text', 'image'],
      });
      expect(model).not.toHaveProperty('use_responses_lite');
    }
  });

  it('is asked of Copilot once, with the headers of the adapter', async () => {
    const other = await useCopilotServer();
    await Promise.all([list(other), list(other)]);
    const lists = other.copilot.requests.filter(({ method }) => method === 'GET');
    expect(lists).toMatchObject([
      {
        path: '/models',
        headers: {
          authorization: `Bearer ${COPILOT_TOKEN}`,
          accept: 'application/json',
          'copilot-integration-id': 'vscode-chat',
        },
      },
    ]);
  });

  it('decides that a model of another route is a 400 that names the route, before Copilot is called', async () => {
    await list(gateway);
    const before = gateway.copilot.requests.length;
    const answer = await gateway.respond(JSON.stringify({ model: 'claude-sonnet-5', input: 'hi' }));
    expect(answer.status).toBe(400);
    const { error } = (await answer.json()) as { error: Record<string, unknown> };
    expect(error).toEqual({
      message: expect.stringMatching(/'claude-sonnet-5'.*\/chat\/completions.*\/v1\/messages/),
      type: 'invalid_request_error',
      param: 'model',
      code: 'model_not_supported',
    });
    expect(gateway.copilot.requests).toHaveLength(before);
  });

  it.each([
    ['a model that is nowhere in it', { body: '{"model":"gpt-of-tomorrow","input":"hi"}' }],
    ['a body without a model', { body: '{"input":"hi"}' }],
    [
      'a body with an encoding',
      { body: '{"model":"claude-sonnet-5"}', headers: { 'content-encoding': 'odd' } },
    ],
  ])('lets %s through to Copilot', async (_, { body, ...init }) => {
    await list(gateway);
    expect((await gateway.respond(body, init)).status).toBe(200);
    expect(gateway.copilot.responses).toHaveLength(1);
  });
});

describe('GET /copilot/v1/models without a list that is held', () => {
  let gateway: TestCopilotServer;
  beforeEach(async () => {
    gateway = await useCopilotServer();
  });

  it('lets every model through, and asks for no list because of it', async () => {
    const answer = await gateway.respond(JSON.stringify({ model: 'claude-sonnet-5', input: 'hi' }));
    expect(answer.status).toBe(200);
    expect(listsOf(gateway)).toBe(0);
  });

  it.each([[403], [500]])('has the status %d of Copilot, and is asked for again', async (status) => {
    gateway.copilot.list = answerWith(status, 'plain text', { 'content-type': 'text/plain' });
    const answer = await gateway.fetch('/copilot/v1/models');
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ error: { code: 'upstream_request_failed' } });
    await gateway.fetch('/copilot/v1/models');
    expect(listsOf(gateway)).toBe(2);
  });

  it('is the final error of a rate limit', async () => {
    gateway.copilot.list = rateLimited({ 'retry-after': '200000' });
    const answer = await gateway.fetch('/copilot/v1/models');
    expect(answer.status).toBe(429);
    expect(answer.headers.has('retry-after')).toBe(false);
    expect(await answer.json()).toMatchObject({ error: { type: 'usage_limit_reached' } });
  });
});

it('the list of models stays when Copilot limits the rate ten minutes later', async () => {
  const gateway = await useCopilotServer();
  const first = await list(gateway);
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 10 * 60_000 });
  onTestFinished(() => void vi.useRealTimers());
  gateway.copilot.list = rateLimited({ 'retry-after': '200000' });
  expect(await list(gateway)).toEqual(first);
  expect(listsOf(gateway)).toBe(2);
});

it('a hidden model is in no list of OpenAI, and can be requested', async () => {
  const gateway = await useCopilotServer();
  gateway.copilot.models = [
    { id: 'hidden', model_picker_enabled: false, supported_endpoints: ['/responses'] },
    'no model',
    { id: 'shown', supported_endpoints: ['/responses'] },
  ] as object[];
  const { data, models } = await list(gateway);
  expect(data.map(({ id }) => id)).toEqual(['shown']);
  expect(models).toMatchObject([
    { slug: 'hidden', visibility: 'hide' },
    { slug: 'shown', visibility: 'list' },
  ]);
  expect((await gateway.respond('{"model":"hidden","input":"hi"}')).status).toBe(200);
});

it('GET /copilot/v1/models is a 401 while nobody is signed in, and asks nothing of anybody', async () => {
  const gateway = await useCopilotServer({ isSignedIn: false });
  const answer = await gateway.fetch('/copilot/v1/models');
  expect(answer.status).toBe(401);
  expect(await answer.json()).toMatchObject({
    error: {
      code: 'copilot_auth_unavailable',
      message: expect.stringContaining('codex-gateway copilot login'),
    },
  });
  expect(gateway.copilot.requests).toEqual([]);
  expect(gateway.github.requests).toEqual([]);
});

it('another sign-in sees the list of its own account at once', async () => {
  const tokenFile = join(temporaryFolder(), 'tokens.json');
  const environment = { COPILOT_TOKEN_FILE: tokenFile };
  const gateway = await useCopilotServer({ isSignedIn: false, environment });
  const signIn = (githubToken: string) => writeFileSync(tokenFile, JSON.stringify({ githubToken }));
  const claude = JSON.stringify({ model: 'claude-sonnet-5', input: 'hi' });
  signIn('gho_first');
  await list(gateway);
  expect((await gateway.respond(claude)).status).toBe(400);
  signIn('gho_the-second');
  expect((await gateway.respond(claude)).status).toBe(200);
  gateway.copilot.models = [{ id: 'theirs', supported_endpoints: ['/responses'] }];
  expect((await list(gateway)).data).toMatchObject([{ id: 'theirs' }]);
  expect(gateway.copilot.requests.map(({ headers }) => headers.authorization)).toEqual([
    'Bearer gho_first',
    'Bearer gho_the-second',
    'Bearer gho_the-second',
  ]);
});

it("a caller's own token lists the models of that token where nobody is signed in", async () => {
  const gateway = await useCopilotServer({ isSignedIn: false });
  const headers = { 'x-api-key': TOKEN, authorization: 'Bearer gho_of-the-caller' };
  const answer = await gateway.fetch('/copilot/v1/models', { headers });
  expect(answer.status).toBe(200);
  expect(gateway.copilot.requests).toMatchObject([{ headers: { authorization: headers.authorization } }]);
  expect((await gateway.fetch('/copilot/v1/models')).status).toBe(401);
});
