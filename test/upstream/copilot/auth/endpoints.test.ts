import { expect, it, onTestFinished, vi } from 'vitest';
import { NEVER_ABORTED } from '../../../../src/base/async/abort.ts';
import { createEndpoints } from '../../../../src/upstream/copilot/auth/endpoints.ts';
import { createHttpClient } from '../../../../src/upstream/copilot/transport/http-client.ts';
import type { CopilotUrls } from '../../../../src/upstream/copilot/transport/urls.ts';
import { startScriptedServer, type ScriptedAnswer } from '../../../support/start-http-server.ts';

const BUSINESS = 'https://api.business.githubcopilot.com';
const OAUTH = { bearer: 'gho_token' };
const EXCHANGED = { bearer: 'tid=1;exp=2:mac', endpoint: `${BUSINESS}/` };

/** GitHub's answer to the question where Copilot's API is. */
function apiAt(api: unknown): ScriptedAnswer {
  return { status: 200, body: JSON.stringify({ data: { viewer: { copilotEndpoints: { api } } } }) };
}

async function prepare(urls: CopilotUrls = {}, ...answers: ScriptedAnswer[]) {
  const github = await startScriptedServer(...answers, { status: 404 });
  const http = createHttpClient({ proxyFor: () => undefined });
  onTestFinished(async () => await http.close());
  const endpoints = createEndpoints({
    http,
    urls: { graphql: `${github.origin}/graphql`, ...urls },
    request: { identity: 'gateway', editorVersion: '', chatVersion: '', version: '1' },
    headersTimeoutMs: 10_000,
  });
  const locate = async (
    owner: { bearer: string; endpoint?: string },
    path: 'responses' | 'models' = 'responses',
  ) => await endpoints.locate(path, owner, NEVER_ABORTED);
  return { endpoints, locate, asked: github.received };
}

it('the variable of each URL goes before everything', async () => {
  const { locate, asked } = await prepare({
    responses: 'http://127.0.0.1:1/a?b=c',
    models: 'http://127.0.0.1:1/d',
    base: 'http://127.0.0.1:2',
  });
  expect(await locate(EXCHANGED)).toBe('http://127.0.0.1:1/a?b=c');
  expect(await locate(OAUTH, 'models')).toBe('http://127.0.0.1:1/d');
  expect(asked).toEqual([]);
});

it('copilot.baseUrl goes before what GitHub says, which is not asked', async () => {
  const { locate, asked } = await prepare({ base: 'http://127.0.0.1:2/v1/', models: 'http://127.0.0.1:1/d' });
  expect(await locate(EXCHANGED)).toBe('http://127.0.0.1:2/v1/responses');
  expect(await locate(OAUTH)).toBe('http://127.0.0.1:2/v1/responses');
  expect(await locate(OAUTH, 'models')).toBe('http://127.0.0.1:1/d');
  expect(asked).toEqual([]);
});

it('the URL of the exchange goes before githubHost, and GitHub is not asked', async () => {
  const { locate, asked } = await prepare({ githubHost: 'octocorp.ghe.com' });
  expect(await locate(EXCHANGED)).toBe(`${BUSINESS}/responses`);
  expect(await locate(EXCHANGED, 'models')).toBe(`${BUSINESS}/models`);
  expect(asked).toEqual([]);
});

it('a URL of the exchange that is not encrypted does not count', async () => {
  const { locate } = await prepare();
  expect(await locate({ ...EXCHANGED, endpoint: 'http://api.business.githubcopilot.com' })).toBe(
    'https://api.githubcopilot.com/responses',
  );
});

it('for a token without an exchange, GitHub is asked once, however many requests there are', async () => {
  const { locate, asked } = await prepare({ githubHost: 'octocorp.ghe.com' }, apiAt(BUSINESS));
  const urls = await Promise.all([locate(OAUTH), locate(OAUTH), locate(OAUTH, 'models')]);
  expect(urls).toEqual([`${BUSINESS}/responses`, `${BUSINESS}/responses`, `${BUSINESS}/models`]);
  expect(await locate(OAUTH)).toBe(`${BUSINESS}/responses`);
  expect(asked).toHaveLength(1);
  expect(asked[0]).toMatchObject({
    method: 'POST',
    url: '/graphql',
    headers: { authorization: 'Bearer gho_token', 'user-agent': 'codex-gateway/1' },
  });
  expect(JSON.parse(String(asked[0]?.body))).toEqual({
    query: 'query { viewer { copilotEndpoints { api } } }',
  });
});

it('each token has a URL of its own', async () => {
  const { locate } = await prepare({}, apiAt(BUSINESS), apiAt('https://api.enterprise.githubcopilot.com'));
  expect(await locate({ bearer: 'gho_one' })).toBe(`${BUSINESS}/responses`);
  expect(await locate({ bearer: 'gho_two' })).toBe('https://api.enterprise.githubcopilot.com/responses');
  expect(await locate({ bearer: 'gho_one' })).toBe(`${BUSINESS}/responses`);
});

it("GitHub is not asked about Copilot's own tokens, which it does not know", async () => {
  const { locate, asked } = await prepare();
  expect(await locate({ bearer: 'tid=1;exp=2:mac' })).toBe('https://api.githubcopilot.com/responses');
  expect(asked).toEqual([]);
});

it.each<[string, ScriptedAnswer]>([
  ['an error', { status: 401, body: '{"message":"Bad credentials"}' }],
  ['an error of the server', { status: 502 }],
  ['no JSON', { status: 200, body: '<html>' }],
  ['too much', { status: 200, body: `"${'x'.repeat(70_000)}"` }],
  ['null', { status: 200, body: 'null' }],
  ['no viewer', { status: 200, body: '{"data":{"viewer":null}}' }],
  ['an unencrypted URL', apiAt('http://api.githubcopilot.com')],
  ['no URL', apiAt(7)],
])(
  'the default counts where GitHub answers with %s, and GitHub is not asked again at once',
  async (_, answer) => {
    const { locate, asked } = await prepare({}, answer, apiAt(BUSINESS));
    expect(await locate(OAUTH)).toBe('https://api.githubcopilot.com/responses');
    expect(await locate(OAUTH)).toBe('https://api.githubcopilot.com/responses');
    expect(asked).toHaveLength(1);
  },
);

it('without a URL of GitHub, githubHost decides', async () => {
  const { locate } = await prepare({ githubHost: 'octocorp.ghe.com' });
  expect(await locate(OAUTH)).toBe('https://copilot-api.octocorp.ghe.com/responses');
});

it.each<[string, ScriptedAnswer]>([
  ['it had an error', { status: 503 }],
  ['it limited the rate of requests', { status: 429, body: '{}' }],
  ['it limited those of the token', { status: 403, headers: { 'x-ratelimit-remaining': '0' }, body: '{}' }],
])('GitHub is asked again a minute after %s', async (_, answer) => {
  const { locate, asked } = await prepare({}, answer, apiAt(BUSINESS));
  const now = Date.now();
  const clock = vi.spyOn(Date, 'now').mockReturnValue(now);
  onTestFinished(() => clock.mockRestore());
  await locate(OAUTH);
  clock.mockReturnValue(now + 59_000);
  await locate(OAUTH);
  expect(asked).toHaveLength(1);
  clock.mockReturnValue(now + 60_000);
  expect(await Promise.all([locate(OAUTH), locate(OAUTH)])).toEqual([
    `${BUSINESS}/responses`,
    `${BUSINESS}/responses`,
  ]);
  expect(asked).toHaveLength(2);
});

it('a client that leaves does not wait for GitHub', async () => {
  const { endpoints } = await prepare();
  const left = new Error('left');
  await expect(endpoints.locate('responses', OAUTH, AbortSignal.abort(left))).rejects.toBe(left);
});

it('the URLs that are known so far are reported without asking GitHub', async () => {
  const { endpoints, locate, asked } = await prepare({ models: 'http://127.0.0.1:1/d' });
  expect(endpoints.known('responses')).toBe('https://api.githubcopilot.com/responses');
  expect(endpoints.known('models')).toBe('http://127.0.0.1:1/d');
  await locate(EXCHANGED);
  expect(endpoints.known('responses')).toBe(`${BUSINESS}/responses`);
  expect(asked).toEqual([]);
});
