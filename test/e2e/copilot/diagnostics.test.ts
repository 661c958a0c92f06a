import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { rateLimited, streamBytes } from '../../support/copilot/fake-copilot.ts';
import { answerWith } from '../../support/copilot/recording-server.ts';
import { COPILOT_TOKEN, useCopilotGateway } from '../../support/copilot/copilot-fakes.ts';
import {
  useCopilotServer,
  type CopilotServerOptions,
  type TestCopilotServer,
} from '../../support/copilot/copilot-server.ts';
import { TOKEN } from '../../support/gateway.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

interface Line {
  readonly timestamp_unix_ms: number;
  readonly kind: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

interface DiagnosedServer extends TestCopilotServer {
  readonly file: string;
  /** Closes the server; returns the lines of the file. */
  finish(): Promise<Line[]>;
}

async function start(
  diagnostics: object,
  { config, ...options }: CopilotServerOptions = {},
  use: (options: CopilotServerOptions) => Promise<TestCopilotServer> = useCopilotServer,
): Promise<DiagnosedServer> {
  const file = join(temporaryFolder(), 'copilot', 'diagnostics.jsonl');
  const gateway = await use({
    ...options,
    config: { ...config, copilot: { diagnostics: { file, ...diagnostics } } },
  });
  return {
    ...gateway,
    file,
    async finish() {
      await gateway.close();
      const text = readFileSync(file, 'utf8');
      expect(text.endsWith('\n')).toBe(true);
      return text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as Line);
    },
  };
}

const kindsOf = (lines: readonly Line[]) => lines.map(({ kind }) => kind);

const BODY = JSON.stringify({
  model: 'gpt-5.5',
  input: 'What is the answer?',
  reasoning: { effort: 'high' },
  tools: [{ type: 'function', name: 'look_up' }],
});

describe('diagnostics', () => {
  it('are off by default, and then there is no file', async () => {
    const gateway = await start({});
    await (await gateway.respond(BODY)).text();
    await gateway.close();
    expect(existsSync(gateway.file)).toBe(false);
  });

  it('follow a request from its arrival to the end of its answer', async () => {
    const gateway = await start({ level: 'metadata' }, {}, useCopilotGateway);
    gateway.copilot.use(streamBytes(['data: {}\n\n']));
    await (
      await gateway.respond(BODY, { headers: { 'x-codex-window-id': 'w', accept: 'text/event-stream' } })
    ).text();
    const lines = await gateway.finish();
    expect(lines.map(({ kind, fields }) => ({ kind, fields }))).toEqual([
      {
        kind: 'inbound_request',
        fields: {
          local_id: expect.stringMatching(/^req_/),
          method: 'POST',
          target: 'Responses',
          body_len: BODY.length,
          content_type: 'application/json',
          accept: 'text/event-stream',
          forwarded_codex_headers: ['x-codex-window-id'],
        },
      },
      {
        kind: 'auth_resolved',
        fields: { local_id: expect.any(String), auth_source: 'COPILOT_BEARER_TOKEN' },
      },
      {
        kind: 'upstream_response_ready',
        fields: {
          local_id: expect.any(String),
          attempt_count: 1,
          status: 200,
          content_type: 'text/event-stream',
          elapsed_ms: expect.any(Number),
        },
      },
      {
        kind: 'upstream_stream_completed',
        fields: {
          local_id: expect.any(String),
          chunk_count: 1,
          byte_count: 10,
          elapsed_ms: expect.any(Number),
        },
      },
    ]);
    expect(new Set(lines.map(({ fields }) => fields.local_id)).size).toBe(1);
    for (const line of lines) expect(Math.abs(line.timestamp_unix_ms - Date.now())).toBeLessThan(60_000);
    expect((statSync(gateway.file).mode & 0o777).toString(8)).toBe('600');
  });

  it('have the id of the request, which the client knows as well', async () => {
    const gateway = await start({ level: 'metadata' });
    const answer = await gateway.respond(BODY);
    await answer.text();
    const [line] = await gateway.finish();
    expect(line?.fields.local_id).toBe(answer.headers.get('x-codex-gateway-request-id'));
  });

  it('have requests that are refused before they are sent', async () => {
    const gateway = await start({ level: 'full_content' });
    await gateway.respond(BODY, { headers: { authorization: 'Bearer wrong-token' } });
    await gateway.fetch('/copilot/v1/nothing');
    await gateway.fetch('/copilot/v1/responses');
    await gateway.fetch('/copilot/health');
    await gateway.fetch('/copilot/v1/models');
    const lines = await gateway.finish();
    expect(lines.map(({ kind, fields }) => [kind, fields.method, fields.target, fields.body_len])).toEqual([
      ['inbound_request', 'POST', 'Responses', BODY.length],
      ['inbound_request', 'GET', null, null],
      ['inbound_request', 'GET', 'Responses', null],
      ['inbound_request', 'GET', 'Models', null],
    ]);
    expect(gateway.copilot.responses).toEqual([]);
  });

  it('say that nobody is signed in', async () => {
    const gateway = await start({ level: 'metadata' }, { isSignedIn: false });
    expect((await gateway.respond(BODY)).status).toBe(401);
    expect((await gateway.fetch('/copilot/v1/models')).status).toBe(401);
    const lines = await gateway.finish();
    const auth = ['auth_error', { status: 401, level: 'warn', error_class: 'copilot_signed_out' }];
    const shown = lines.map(({ kind, fields: { local_id: _id, ...fields } }) => [kind, fields]);
    expect([shown[1], shown[3]]).toEqual([auth, auth]);
    expect(lines[2]?.fields.target).toBe('Models');
  });

  it('have the waits of a rate limit, without the id of the other server', async () => {
    const gateway = await start(
      { level: 'metadata' },
      { environment: { RATE_LIMIT_MAX_SLEEP_MS: '10', RATE_LIMIT_MAX_TOTAL_WAIT_MS: '5000' } },
    );
    const limited = rateLimited({ 'retry-after': '1', 'x-request-id': 'their-id' });
    gateway.copilot.use(limited, rateLimited({ 'retry-after': '100000' }));
    expect((await gateway.respond(BODY)).status).toBe(429);
    const lines = await gateway.finish();
    expect(kindsOf(lines)).toEqual([
      'inbound_request',
      'auth_resolved',
      'upstream_rate_limited',
      'upstream_rate_limited',
    ]);
    expect(lines[2]?.fields).toEqual({
      local_id: expect.any(String),
      attempt: 1,
      wait_ms: 10,
      raw_wait_ms: 1000,
      wait_clamped: true,
      wait_source: 'RetryAfter',
      total_wait_before_ms: 0,
      total_wait_after_ms: 10,
      budget_ms: 5000,
      retry_budget_exceeded: false,
      upstream_request_id: expect.stringMatching(/^[\da-f]{16}$/),
    });
    expect(lines[3]?.fields).toMatchObject({
      attempt: 2,
      raw_wait_ms: 100_000_000,
      total_wait_before_ms: 10,
      total_wait_after_ms: 10,
      retry_budget_exceeded: true,
      upstream_request_id: null,
    });
    expect(JSON.stringify(lines)).not.toContain('their-id');
  });

  it('have the status of a quota that is used up', async () => {
    const gateway = await start({ level: 'metadata' });
    gateway.copilot.use(answerWith(402, 'no quota'));
    expect((await gateway.respond(BODY)).status).toBe(429);
    const lines = await gateway.finish();
    expect(lines.find(({ kind }) => kind === 'upstream_response_ready')?.fields.status).toBe(402);
  });

  it('count the attempts of a request', async () => {
    const gateway = await start({ level: 'metadata' }, { environment: { RATE_LIMIT_MAX_SLEEP_MS: '10' } });
    gateway.copilot.use(rateLimited({ 'retry-after': '1' }), answerWith(200, {}));
    await (await gateway.respond(BODY)).text();
    const lines = await gateway.finish();
    const ready = lines.find(({ kind }) => kind === 'upstream_response_ready');
    expect(ready?.fields).toMatchObject({ attempt_count: 2, status: 200 });
  });

  it('say why Copilot could not be reached, without the query of its URL', async () => {
    const gateway = await start(
      { level: 'metadata' },
      {
        environment: {
          COPILOT_RESPONSES_URL: 'http://user:pw-planted@127.0.0.1:1/responses?key=planted-query',
        },
      },
    );
    expect((await gateway.respond(BODY)).status).toBe(502);
    const lines = await gateway.finish();
    expect(lines.at(-1)).toMatchObject({
      kind: 'upstream_request_failed',
      fields: {
        attempt: 1,
        upstream_url: 'http://127.0.0.1:1/responses',
        elapsed_ms: expect.any(Number),
        error_kind: 'connect',
        error: expect.stringContaining('refused'),
      },
    });
    expect(JSON.stringify(lines)).not.toContain('planted');
  });

  it('say that Copilot did not answer in time, or broke off', async () => {
    const gateway = await start({ level: 'metadata' }, { environment: { REQUEST_TIMEOUT_MS: '100' } });
    gateway.copilot.use(
      async (_request, response) => {
        await once(response, 'close');
      },
      (_request, response) => {
        response.writeHead(200, { 'content-length': '100' });
        response.write('begin', () => response.destroy());
      },
    );
    expect((await gateway.respond(BODY)).status).toBe(504);
    await expect((await gateway.respond(BODY)).text()).rejects.toThrow();
    const lines = await gateway.finish();
    const shown = lines.map(({ kind, fields }) => [kind, fields.error_kind ?? fields.byte_count]);
    expect(shown).toContainEqual(['upstream_request_failed', 'timeout']);
    expect(shown.at(-1)).toEqual(['upstream_stream_error', 5]);
  });

  it('say that the client has left, before the answer and while it came', async () => {
    const gateway = await start({ level: 'metadata' });
    const aborted: Promise<void>[] = [];
    const arrived = Promise.withResolvers<void>();
    gateway.copilot.use(
      (request) => {
        aborted.push(request.aborted);
        arrived.resolve();
      },
      (request, response) => {
        aborted.push(request.aborted);
        response.writeHead(200);
        response.write('begin');
      },
    );
    const early = new AbortController();
    const refused = gateway.respond(BODY, { signal: early.signal });
    await arrived.promise;
    early.abort();
    await expect(refused).rejects.toThrow();
    await aborted[0];
    const late = new AbortController();
    const answer = await gateway.respond(BODY, { signal: late.signal });
    await answer.body?.getReader().read();
    late.abort();
    await aborted[1];
    const lines = await gateway.finish();
    const dropped = lines.filter(({ kind }) => kind === 'upstream_stream_dropped');
    expect(dropped.map(({ fields }) => fields.byte_count)).toEqual([0, 5]);
  });
});

describe('the levels of diagnostics', () => {
  it('have no content in `metadata`', async () => {
    const gateway = await start({ level: 'metadata' });
    await (await gateway.respond(BODY)).text();
    const lines = await gateway.finish();
    expect(kindsOf(lines).filter((kind) => kind.includes('content'))).toEqual([]);
    expect(JSON.stringify(lines)).not.toContain('What is the answer');
    expect(JSON.stringify(lines)).not.toContain('gpt-5.5');
  });

  it.each([
    ['content_redacted', '<redacted-content>', '<redacted-content>'],
    ['full_content', 'high', 'What is the answer?'],
  ])('have a snapshot of the body in `%s`', async (level, effort, input) => {
    const gateway = await start({ level });
    gateway.copilot.use(answerWith(200, '{}', { 'content-length': '2' }));
    await (await gateway.respond(BODY)).text();
    const lines = await gateway.finish();
    expect(kindsOf(lines)).toEqual([
      'inbound_request',
      'inbound_request_content',
      'auth_resolved',
      'upstream_response_ready',
      'upstream_response_content_hint',
      'upstream_stream_completed',
    ]);
    expect(lines[1]?.fields).toMatchObject({
      target: 'Responses',
      snapshot: {
        content_level: level,
        bytes: { total: BODY.length },
        extracted: { reasoning_effort: effort, tools: { count: 1 } },
        content: { input },
      },
    });
    expect(lines[4]?.fields).toEqual({ local_id: expect.any(String), status: 200, content_length: 2 });
    expect(JSON.stringify(lines).includes('look_up')).toBe(level === 'full_content');
  });

  it('read a long body as a whole, write a part of it, and a note in place of a line that is too long', async () => {
    const long = JSON.stringify({ input: 'x'.repeat(60_000), model: 'gpt-5.5' });
    const gateway = await start({ level: 'full_content', contentBytes: 5000, maxLineBytes: 4000 });
    await (await gateway.respond(long)).text();
    const noted = await gateway.finish();
    expect(noted[1]).toMatchObject({
      kind: 'diagnostic_event_truncated',
      fields: {
        local_id: noted[0]?.fields.local_id,
        original_kind: 'inbound_request_content',
        max_bytes: 4000,
        original_bytes: expect.any(Number),
      },
    });
    const other = await start({ level: 'full_content', contentBytes: 5000 });
    await (await other.respond(long)).text();
    const lines = await other.finish();
    expect(lines[1]?.fields.snapshot).toMatchObject({
      bytes: { total: long.length, captured: 5000, truncated: true },
      extracted: { model: 'gpt-5.5' },
    });
  });

  it('begin a new file at a size, and keep the one before', async () => {
    const gateway = await start({ level: 'full_content', maxFileBytes: 65_536 });
    const long = JSON.stringify({ input: 'x'.repeat(60_000) });
    for (let count = 0; count < 5; count += 1) await (await gateway.respond(long)).text();
    await gateway.finish();
    for (const file of [gateway.file, `${gateway.file}.1`]) {
      expect(statSync(file).size).toBeGreaterThan(16_384);
      expect(statSync(file).size).toBeLessThanOrEqual(65_536);
    }
  });
});

describe('a file of diagnostics that cannot be written', () => {
  it('changes nothing about requests, and is one warning in the log', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'file'), '');
    const gateway = await start({ level: 'full_content', file: join(folder, 'file', 'diagnostics.jsonl') });
    for (let count = 0; count < 3; count += 1) {
      const answer = await gateway.respond(BODY);
      expect(answer.status).toBe(200);
      await answer.text();
    }
    await gateway.close();
    expect(gateway.log.lines.filter((line) => line.includes('copilot.diagnostics'))).toEqual([
      expect.stringMatching(/^warn .*"problem":"ENOTDIR"/),
    ]);
  });
});

describe('secrets', () => {
  const planted = {
    bearer: COPILOT_TOKEN,
    gatewayToken: TOKEN,
    cookie: 'planted-cookie-value',
    setCookie: 'planted-set-cookie',
    github: 'ghu_plantedplantedplanted',
    query: 'planted-in-query',
  };

  it.each(['metadata', 'content_redacted', 'full_content'])('are in no line of `%s`', async (level) => {
    const gateway = await start({ level });
    gateway.copilot.use(answerWith(200, {}, { 'set-cookie': `s=${planted.setCookie}; Path=/` }));
    const everywhere = `${planted.bearer} ${planted.gatewayToken} ${planted.cookie} ${planted.github}`;
    const body = JSON.stringify({ model: everywhere, input: [{ [planted.github]: everywhere }] });
    const headers = {
      cookie: `session=${planted.cookie}`,
      accept: `text/event-stream; ${planted.github}`,
      'x-codex-turn-metadata': planted.query,
      'x-github-token': planted.query,
    };
    for (const text of [body, `${body} is not JSON`, body]) {
      await (await gateway.respond(text, { headers })).text();
    }
    await gateway.fetch(`/copilot/v1/nothing?token=${planted.query}`, { headers });
    const text = JSON.stringify(await gateway.finish());
    for (const secret of Object.values(planted)) expect(text).not.toContain(secret.slice(4));
  });
});
