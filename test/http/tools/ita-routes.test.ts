import { expect, it } from 'vitest';
import { z } from 'zod';
import { createRepoHygiene } from '../../../src/tools/hygiene/repo-hygiene.ts';
import { gatedTool, sampleTool } from '../../support/internal-tool.ts';
import { serveTools, type ServeToolsOptions, type ToolAsk } from '../../support/serve-tools.ts';

const search = sampleTool({
  name: 'kb.search',
  path: '/kb/search',
  input: z.strictObject({ query: z.string(), top_k: z.int().min(1).max(20).default(5) }),
  run: async () => ({ results: [{ snippet: 'a', source: 'a.md:1', score: 0.5, further: 1 }] }),
});

const tests = sampleTool({
  name: 'tests.run',
  path: '/tests/run',
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
  input: z.strictObject({
    targets: z.array(z.string()).min(1),
    timeout_s: z.int().min(1).max(3600).default(300),
  }),
  run: async ({ timeout_s }) => ({
    summary: { total: 1, passed: 1, failed: 0, duration_s: timeout_s },
    failures: [],
    timed_out: false,
    output: 'ok',
  }),
});

const createPr = gatedTool({
  name: 'git.create_pr',
  path: '/git/create-pr',
  run: async ({ dry_run }) => ({
    dry_run,
    diff: '',
    pr_url: dry_run ? null : 'https://github.com/a/b/pull/1',
    message: 'Done.',
  }),
});

/** Serves the tools; asks as clients of the API do, unless a test says otherwise. */
async function serveIta(options: ServeToolsOptions = {}) {
  const served = await serveTools({ tools: [search, createRepoHygiene(), tests, createPr], ...options });
  return {
    ...served,
    askIta: (path: string, { headers, ...init }: ToolAsk = {}) =>
      served.ask(`/tools/ita${path}`, {
        token: '',
        headers: { 'x-request-id': 'r-1', 'x-api-key': 'tools', ...headers },
        ...init,
      }),
  };
}

it('clients of the Internal Tools API get its paths and its shapes, and nothing more', async () => {
  const { askIta } = await serveIta();
  expect((await askIta('/healthz')).body).toEqual({
    status: 'ok',
    timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
  });
  expect((await askIta('/kb/search', { body: { query: 'a' } })).body).toEqual({
    results: [{ snippet: 'a', source: 'a.md:1', score: 0.5 }],
  });
  const diff = '--- a/a.txt\n+++ b/a.txt\n@@ -0,0 +1 @@\n+<<<<<<< ours\n';
  const { issues } = (await askIta('/repo/hygiene', { body: { diff } })).body;
  expect(Object.keys(issues[0]).toSorted()).toEqual(['message', 'path', 'severity', 'type']);
  expect((await askIta('/tests/run', { body: { targets: ['unit'] } })).body).toEqual({
    summary: { total: 1, passed: 1, failed: 0, duration_s: 300 },
    failures: [],
  });
  const { tools } = (await askIta('/catalog/tools')).body;
  expect(tools.map(({ name, path }: Record<string, string>) => [name, path])).toEqual([
    ['kb.search', '/tools/ita/kb/search'],
    ['repo.hygiene', '/tools/ita/repo/hygiene'],
    ['tests.run', '/tools/ita/tests/run'],
    ['git.create_pr', '/tools/ita/git/create-pr'],
  ]);
  expect(Object.keys(tools[3].input_schema.properties)).toEqual(['text']);
});

it('a missing id, a missing key and a wrong one are refused in the words that clients know', async () => {
  const { ask, askIta } = await serveIta();
  for (const path of ['/healthz', '/catalog/tools', '/nothing']) {
    const detail = 'X-Request-Id header is required for traceability';
    expect(await ask(`/tools/ita${path}`)).toMatchObject({ status: 400, body: { detail } });
    const missing = await ask(`/tools/ita${path}`, { headers: { 'x-request-id': 'r-1' } });
    expect(missing).toMatchObject({ status: 401, body: { detail: 'Missing X-API-Key header' } });
    expect(missing.headers.get('x-request-id')).toBe('r-1');
    const wrong = await askIta(path, { headers: { 'x-api-key': 'wrong' }, token: 'all' });
    expect(wrong).toMatchObject({ status: 401, body: { detail: 'Invalid API key' } });
    expect(wrong.headers.get('www-authenticate')).not.toBeNull();
  }
  const { status, body } = await askIta('/healthz', { headers: { 'x-api-key': 'openai' } });
  expect([status, Object.keys(body)]).toEqual([403, ['detail']]);
});

it('a pull request takes dry_run and confirm from the query alone', async () => {
  const { askIta, audit } = await serveIta();
  const create = async (query: string, body: object = { text: 'a' }) => {
    const answer = await askIta(`/git/create-pr${query}`, { body });
    return [answer.status, answer.body];
  };
  const dry = { simulated: true, pr_url: null, message: 'Done.' };
  const real = { simulated: false, pr_url: 'https://github.com/a/b/pull/1', message: 'Done.' };
  expect(await create('')).toEqual([200, dry]);
  expect(await create('?confirm=true')).toEqual([200, dry]);
  expect(await create('?dry_run=False&confirm=True')).toEqual([200, real]);
  expect(await create('?dry_run=false')).toEqual([
    412,
    { detail: 'confirm=true is required when dry_run=false' },
  ]);
  for (const query of ['?dry_run=maybe', '?dry_run=', '?dry_run=true&dry_run=false'])
    expect(await create(query)).toEqual([400, { detail: expect.stringContaining("'dry_run'") }]);
  const misspelt = "There is no query parameter 'confirn'. Did you mean 'confirm'?";
  expect(await create('?dry_run=false&confirn=true')).toEqual([400, { detail: misspelt }]);
  for (const field of ['dry_run', 'confirm', 'txet'])
    expect(await create('', { [field]: true })).toEqual([
      400,
      { detail: expect.stringContaining(`'${field}'`) },
    ]);
  expect(audit().map(({ outcome, dry_run }) => [outcome, dry_run])).toEqual([
    ['ok', true],
    ['ok', true],
    ['ok', false],
    ['412', false],
    ...Array.from({ length: 3 }, () => ['400', true]),
    ['400', false],
    ...Array.from({ length: 3 }, () => ['400', true]),
  ]);
});

it('the bounds of the API hold, and a wrong field is a 400', async () => {
  const { ask, askIta } = await serveIta();
  const targets = ['unit'];
  for (const timeout_s of [29, 3601]) {
    const { status, body } = await askIta('/tests/run', { body: { targets, timeout_s } });
    expect([status, body.detail]).toEqual([400, expect.stringContaining("'timeout_s'")]);
  }
  expect((await askIta('/tests/run', { body: { targets, timeout_s: 30 } })).status).toBe(200);
  expect((await ask('/tools/v1/tests/run', { body: { targets, timeout_s: 1 } })).status).toBe(200);
  expect((await askIta('/repo/hygiene', { body: { diff: '', checks: ['odd'] } })).status).toBe(400);
  expect((await askIta('/kb/search', { body: { query: 'a', top_k: 21 } })).status).toBe(400);
  expect((await askIta('/kb/search', { body: '{' })).status).toBe(400);
  const wrong = await askIta('/kb/search');
  expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'POST']);
});

it('calls pass the same gates as those of the gateway itself, and share their keys with them', async () => {
  const { ask, askIta, audit } = await serveIta({ rateLimit: { perSecond: 0.01, burst: 2 } });
  const headers = { 'idempotency-key': 'k-1', 'x-assistant': 'codex' };
  const body = { text: 'a' };
  const first = await askIta('/git/create-pr?dry_run=false&confirm=true', { body, headers });
  expect(first.status).toBe(200);
  const again = await ask('/tools/v1/git/create-pr', {
    body: { ...body, dry_run: false, confirm: true },
    token: 'tools',
    headers,
  });
  expect(again.body.pr_url).toBe(first.body.pr_url);
  const limited = await askIta('/git/create-pr', { body });
  expect([limited.status, Object.keys(limited.body)]).toEqual([429, ['detail']]);
  expect(Number(limited.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
  expect(audit()).toMatchObject([
    { tool: 'git.create_pr', assistant: 'codex', request_id: 'r-1', key: 'tools', outcome: 'ok' },
    { outcome: 'ok' },
    { assistant: 'script', outcome: '429' },
  ]);
});

it('the path of a tool that is off says which key switches it on', async () => {
  const missing = [{ name: 'tests.run', path: '/tests/run', key: 'tools.tests' }];
  const { askIta } = await serveIta({ tools: [], missing });
  const { status, body } = await askIta('/tests/run', { body: {} });
  expect([status, body]).toEqual([404, { detail: expect.stringContaining("'tools.tests'") }]);
});
