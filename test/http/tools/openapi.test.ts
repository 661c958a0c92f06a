import { expect, it } from 'vitest';
import { DESCRIBED_TOOLS } from '../../support/described-tools.ts';
import { sampleTool } from '../../support/internal-tool.ts';
import { serveTools } from '../../support/serve-tools.ts';
import { createDocumentCheck, type ToolReply } from '../../support/tool-reply-checker.ts';

async function readDescription() {
  const { ask } = await serveTools({ tools: DESCRIBED_TOOLS });
  return await ask('/tools/openapi.json');
}

it('the description has every path that is served, and what a call can be answered with', async () => {
  const { body } = await readDescription();
  expect(Object.keys(body.paths)).toEqual([
    '/tools/v1/catalog',
    '/tools/openapi.json',
    '/tools/v1/kb/search',
    '/tools/v1/repo/hygiene',
    '/tools/v1/tests/run',
    '/tools/v1/git/create-pr',
    '/tools/v1/sample/echo',
    '/tools/ita/healthz',
    '/tools/ita/catalog/tools',
    '/tools/ita/kb/search',
    '/tools/ita/repo/hygiene',
    '/tools/ita/tests/run',
    '/tools/ita/git/create-pr',
  ]);
  const { post } = body.paths['/tools/v1/git/create-pr'];
  const statuses = '200 400 401 403 404 405 408 409 412 413 415 417 422 429 431 500 502 503 507 508';
  expect(Object.keys(post.responses).join(' ')).toBe(statuses);
  expect(Object.keys(body.paths['/tools/v1/kb/search'].post.responses)).not.toContain('412');
  const { parameters, requestBody } = body.paths['/tools/ita/git/create-pr'].post;
  expect(parameters.slice(3)).toMatchObject([
    { name: 'dry_run', in: 'query', schema: { default: true } },
    { name: 'confirm', in: 'query', schema: { default: false } },
  ]);
  expect(requestBody.content['application/json'].example).not.toHaveProperty('dry_run');
  expect(body.components.schemas.KbSearchInput.additionalProperties).toBe(false);
});

it('a tool may have a path that the API uses for another method', async () => {
  const { ask } = await serveTools({ tools: [sampleTool({ path: '/catalog' })] });
  const { body } = await ask('/tools/openapi.json');
  expect(Object.keys(body.paths['/tools/v1/catalog'])).toEqual(['get', 'post']);
  expect((await ask('/tools/v1/catalog')).body.tools).toHaveLength(1);
  expect((await ask('/tools/v1/catalog', { body: { text: 'a' } })).body).toEqual({ text: 'a' });
});

it('the description needs a token with the scope of the tools', async () => {
  const { ask } = await serveTools();
  for (const [token, status] of [
    ['', 401],
    ['openai', 403],
    ['tools', 200],
  ] as const)
    expect((await ask('/tools/openapi.json', { token })).status).toBe(status);
});

it('a reply that the description does not have is found', async () => {
  const check = createDocumentCheck(JSON.stringify((await readDescription()).body));
  const reply = (further: Partial<ToolReply>, headers: Record<string, string> = {}): ToolReply => ({
    method: 'POST',
    url: 'http://127.0.0.1:1/tools/v1/kb/search',
    requestHeaders: new Headers(),
    status: 200,
    headers: new Headers({
      'content-type': 'application/json; charset=utf-8',
      'x-request-id': 'r',
      ...headers,
    }),
    text: '{"results":[]}',
    cut: false,
    ...further,
  });
  const problem = JSON.stringify({ type: 'about:blank', title: 'T', status: 400, detail: 'D' });
  const asProblem = { 'content-type': 'application/problem+json' };
  const unknown = { url: 'http://127.0.0.1:1/tools/v1/nothing' };
  for (const [good] of [
    [reply({})],
    [reply({ status: 400, text: problem }, asProblem)],
    [reply({ status: 404, text: problem, ...unknown }, asProblem)],
    [reply({ method: 'GET', status: 405, text: problem }, { ...asProblem, allow: 'POST' })],
  ] as const)
    expect(check(good)).toEqual([]);
  for (const [bad, why] of [
    [reply(unknown), /path is not described/],
    [reply({ status: 404, ...unknown }), /content type is not application\/problem\+json/],
    [reply({ status: 418 }), /status is not described/],
    [reply({ method: 'GET' }), /GET is not described/],
    [reply({ status: 400, text: problem }), /content type application\/json is not described/],
    [reply({ status: 400, text: '{"detail":5}' }, asProblem), /must/],
    [reply({ text: '{"results":[{}]}' }), /must have required property/],
    [reply({ status: 429, text: problem }, asProblem), /Retry-After is missing/],
    [reply({ headers: new Headers({ 'content-type': 'application/json' }) }), /X-Request-Id is missing/],
  ] as const)
    expect(check(bad).join()).toMatch(why);
});
