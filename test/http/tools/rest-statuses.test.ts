import { expect, it } from 'vitest';
import { GatewayError } from '../../../src/base/errors.ts';
import { notAllowed } from '../../../src/tools/refusals.ts';
import { gatedTool, sampleTool } from '../../support/internal-tool.ts';
import { sendHttp } from '../../support/send-http.ts';
import { serveTools } from '../../support/serve-tools.ts';

const ECHO = '/tools/v1/sample/echo';
const CHANGE = '/tools/v1/sample/change';

/** Returns what every refusal of `/tools/v1` looks like. */
function problem(status: number, title: string, further: object = {}) {
  return {
    status,
    body: { type: 'about:blank', title, status, detail: expect.stringMatching(/\S/), ...further },
  };
}

const refusals: Readonly<Record<string, GatewayError>> = {
  repo: notAllowed({ field: 'text', kind: 'repository', value: 'a/b', allowed: ['c/d', 'e/f'] }),
  branch: new GatewayError('branch_not_found', "There is no branch 'x'."),
};

const failures: Readonly<Record<string, GatewayError>> = {
  github: new GatewayError('github_refused', 'GitHub: Validation Failed'),
};

const echo = sampleTool({
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  async check({ text }) {
    if (Object.hasOwn(refusals, text)) throw refusals[text]!;
  },
  async run(input) {
    if (Object.hasOwn(failures, input.text)) throw failures[input.text]!;
    if (input.text === 'broken') throw new Error('secret of the inside');
    return input;
  },
});

it('every refusal is problem details with the status of its kind', async () => {
  const { ask } = await serveTools({ tools: [echo, gatedTool()], bodyLimitBytes: 500 });
  for (const [asked, answer] of [
    [{ body: '{' }, problem(400, 'Bad Request')],
    [{ body: '[]' }, problem(400, 'Bad Request', { errors: [{ pointer: '#', detail: expect.any(String) }] })],
    [
      { body: { text: 5 } },
      problem(400, 'Bad Request', { errors: [{ pointer: '#/text', detail: expect.any(String) }] }),
    ],
    [
      { body: { txet: '' } },
      problem(400, 'Bad Request', { errors: [{ pointer: '#/txet', detail: expect.any(String) }] }),
    ],
    [{ body: {}, token: '' }, problem(401, 'Unauthorized')],
    [{ body: {}, token: 'wrong' }, problem(401, 'Unauthorized')],
    [{ body: {}, token: 'openai' }, problem(403, 'Forbidden')],
    [{ body: { text: 'branch' } }, problem(404, 'Not Found')],
    [{ body: { text: 'x'.repeat(500) } }, problem(413, 'Payload Too Large')],
    [{ body: {}, headers: { 'content-encoding': 'odd' } }, problem(415, 'Unsupported Media Type')],
    [
      { body: {}, headers: { 'content-type': 'application/json; charset=odd' } },
      problem(415, 'Unsupported Media Type'),
    ],
    [{ body: { text: 'github' } }, problem(502, 'Bad Gateway', { detail: 'GitHub: Validation Failed' })],
    [
      { body: { text: 'broken' } },
      problem(500, 'Internal Server Error', { detail: 'The tool sample.echo failed.' }),
    ],
    [{ body: {}, headers: { origin: 'https://evil.example' } }, problem(403, 'Forbidden')],
    [{ body: {}, headers: { 'x-assistant': 'gemini' } }, problem(400, 'Bad Request')],
    [{ body: {}, headers: { 'idempotency-key': '""' } }, problem(400, 'Bad Request')],
  ] as const) {
    const { status, headers, body } = await ask(ECHO, asked);
    expect({ asked, status, body }).toEqual({ asked, ...answer });
    expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(headers.get('www-authenticate')).toBe(status === 401 ? 'Bearer' : null);
  }
});

it('a refusal of what is not allowed lists what is, and names the field', async () => {
  const { ask } = await serveTools({ tools: [echo] });
  const { status, body } = await ask(ECHO, { body: { text: 'repo' } });
  expect(status).toBe(403);
  expect(body.detail).toContain('Allowed: c/d, e/f.');
  expect(body.errors).toMatchObject([{ pointer: '#/text' }]);
});

it('a method that a path does not have is a 405 with those that it has, an unknown path a 404', async () => {
  const { ask } = await serveTools({ tools: [echo] });
  const wrong = await ask(ECHO);
  expect(wrong).toMatchObject(problem(405, 'Method Not Allowed'));
  expect(wrong.headers.get('allow')).toBe('POST');
  expect((await ask('/tools/v1/catalog', { body: {} })).headers.get('allow')).toBe('HEAD, GET');
  for (const path of ['/tools/v1/nothing', '/tools/v1', '/tools/v2/kb/search', '/tools/'])
    expect(await ask(path, { body: {} })).toMatchObject(problem(404, 'Not Found'));
  const { body } = await ask('/tools/v1/nothing', { body: {} });
  expect(body.detail).toMatch(/\. GET \/tools\/v1\/catalog lists the tools and their paths\.$/);
});

it('the path of a tool that is off says which key switches it on', async () => {
  const missing = [{ name: 'kb.search', path: '/kb/search', key: 'tools.knowledge' }];
  const { ask } = await serveTools({ missing });
  for (const path of ['/tools/v1/kb/search', '/tools//v1//kb/search/']) {
    const { status, body } = await ask(path, { body: {} });
    expect(status).toBe(404);
    expect(body.detail).toContain("'tools.knowledge' in the config file switches it on");
  }
});

it('a change without confirmation is a 412, also with a key; a key with other arguments a 422', async () => {
  const { ask, audit } = await serveTools({ tools: [gatedTool()] });
  const headers = { 'idempotency-key': '"k1"' };
  const real = { text: 'a', dry_run: false };
  expect(await ask(CHANGE, { body: real, headers })).toMatchObject(
    problem(412, 'Precondition Failed', { detail: 'confirm=true is required when dry_run=false' }),
  );
  expect((await ask(CHANGE, { body: { ...real, confirm: true }, headers })).status).toBe(200);
  expect(
    await ask(CHANGE, {
      body: { text: 'b', dry_run: false, confirm: true },
      headers: { 'idempotency-key': 'k1' },
    }),
  ).toMatchObject(problem(422, 'Unprocessable Entity'));
  expect(audit().map(({ outcome }) => outcome)).toEqual(['412', 'ok', '422']);
});

it('a key whose first call still runs is a 409', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const started = Promise.withResolvers<void>();
  const slow = sampleTool({
    async run(input) {
      started.resolve();
      await promise;
      return input;
    },
  });
  const { ask } = await serveTools({ tools: [slow] });
  const headers = { 'idempotency-key': 'k1' };
  const first = ask(ECHO, { body: {}, headers });
  await started.promise;
  expect(await ask(ECHO, { body: {}, headers })).toMatchObject(problem(409, 'Conflict'));
  resolve();
  expect((await first).status).toBe(200);
});

it('too many calls are a 429 with whole seconds to wait', async () => {
  const { ask } = await serveTools({ tools: [echo], rateLimit: { perSecond: 0.01, burst: 1 } });
  expect((await ask(ECHO, { body: {} })).status).toBe(200);
  const refused = await ask(ECHO, { body: {} });
  expect(refused).toMatchObject(problem(429, 'Too Many Requests'));
  expect(refused.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
});

it('a body is JSON, whatever type it is declared as', async () => {
  const { ask } = await serveTools({ tools: [echo] });
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/json; charset=utf-8']) {
    const { status, body } = await ask(ECHO, { body: { text: 'a' }, headers: { 'content-type': type } });
    expect({ type, status, body }).toEqual({ type, status: 200, body: { text: 'a' } });
  }
});

it('the id of a request is taken from the client if every log can hold it, echoed, logged and in the audit', async () => {
  const { ask, audit, log } = await serveTools({ tools: [echo] });
  const long = '!'.repeat(128);
  for (const given of ['abc-1', '~', long]) {
    const { headers } = await ask(ECHO, { body: {}, headers: { 'x-request-id': given } });
    expect(headers.get('x-request-id')).toBe(given);
  }
  const refused = await ask(ECHO, { body: {}, token: '', headers: { 'x-request-id': 'refused-1' } });
  expect(refused.headers.get('x-request-id')).toBe('refused-1');
  for (const given of [`${long}!`, 'two words', 'caf\u00e9', '']) {
    const { headers } = await ask(ECHO, { body: {}, headers: { 'x-request-id': given } });
    expect(headers.get('x-request-id')).toMatch(/^req_[0-9a-f]{32}$/);
  }
  const ids = audit().map(({ request_id }) => request_id);
  expect(ids.slice(0, 3)).toEqual(['abc-1', '~', long]);
  expect(new Set(ids).size).toBe(7);
  await expect.poll(() => log.lines.filter((line) => line.includes('"refused-1"'))).toHaveLength(1);
  expect(log.lines.some((line) => line.includes('"abc-1"'))).toBe(true);
});

it('the audit says which assistant has called, also of a call with an unknown one', async () => {
  const { ask, audit } = await serveTools({ tools: [echo] });
  for (const given of ['codex', 'Copilot', 'script', 'gemini'])
    await ask(ECHO, { body: {}, headers: { 'x-assistant': given } });
  await ask(ECHO, { body: {} });
  expect(audit().map(({ assistant, outcome }) => [assistant, outcome])).toEqual([
    ['codex', 'ok'],
    ['copilot', 'ok'],
    ['script', 'ok'],
    ['script', '400'],
    ['script', 'ok'],
  ]);
});

it('a name of a field that is longer than any is not repeated', async () => {
  const { ask } = await serveTools({ tools: [echo] });
  const { status, body } = await ask(ECHO, { body: { ['x'.repeat(100_000)]: 1 } });
  expect(status).toBe(400);
  expect(JSON.stringify(body).length).toBeLessThan(1_000);
});

it('a request for another host, one that cannot be read to its end and one without a path get problem details too', async () => {
  const { origin } = await serveTools({ tools: [echo] });
  const { status, headers, text } = await sendHttp(`${origin}${ECHO}`, { headers: { host: 'evil.example' } });
  expect([status, headers['content-type'], JSON.parse(text).status]).toEqual([
    403,
    'application/problem+json',
    403,
  ]);
});

it('a call with query parameters is refused, whatever they say, so that nobody takes a dry run for a real one', async () => {
  const { ask } = await serveTools({ tools: [gatedTool()] });
  const refused = await ask(`${CHANGE}?dry_run=false&confirm=true`, { body: {} });
  expect(refused).toMatchObject({
    status: 400,
    body: { detail: "'dry_run' is a query parameter; send all arguments in the body." },
  });
});

it('the key of an agent session does not call tools over REST, where `confirm` would be enough', async () => {
  const { ask } = await serveTools({ tools: [gatedTool()] });
  expect(await ask(CHANGE, { body: {}, token: 'session' })).toMatchObject({
    status: 403,
    body: { detail: 'The key of an agent session calls tools over /mcp alone.' },
  });
});
