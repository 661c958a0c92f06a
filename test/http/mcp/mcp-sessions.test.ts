import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../../src/base/errors.ts';
import { createFakeTool, createHangingTool } from '../../support/fake-tool.ts';
import { beginMcpSession, INITIALIZE, mcpFetch, toolCall } from '../../support/mcp-requests.ts';
import { serveTools } from '../../support/serve-tools.ts';

const LIST = { jsonrpc: '2.0', id: 1, method: 'tools/list' };

describe('what a request needs', () => {
  it('a session that was never begun, that has ended, or that another key has begun does not exist', async () => {
    const { origin } = await serveTools();
    const session = await beginMcpSession(origin);
    expect(await mcpFetch(origin, { body: LIST, session: 'mcp_unknown' })).toHaveProperty('status', 404);
    for (const method of ['GET', 'DELETE']) {
      expect(await mcpFetch(origin, { method, session, token: 'tools' })).toHaveProperty('status', 404);
    }
    const stolen = await mcpFetch(origin, { body: LIST, session, token: 'tools' });
    expect(stolen.status).toBe(404);
    expect(await stolen.json()).toEqual({
      jsonrpc: '2.0',
      id: null,
      error: { code: -32_001, message: 'Session not found' },
    });
    expect(await mcpFetch(origin, { body: LIST, session })).toHaveProperty('status', 200);
    expect(await mcpFetch(origin, { method: 'DELETE', session })).toHaveProperty('status', 200);
    expect(await mcpFetch(origin, { body: LIST, session })).toHaveProperty('status', 404);
    expect(await mcpFetch(origin, { method: 'GET', session })).toHaveProperty('status', 404);
  });

  it('a request without a session is refused, unless it begins one', async () => {
    const { origin } = await serveTools();
    expect(await mcpFetch(origin, { body: LIST })).toHaveProperty('status', 400);
    expect(await mcpFetch(origin, { method: 'GET' })).toHaveProperty('status', 400);
    expect(await mcpFetch(origin, { method: 'DELETE' })).toHaveProperty('status', 400);
    const again = await mcpFetch(origin, { body: INITIALIZE, session: await beginMcpSession(origin) });
    expect(again.status).toBe(400);
  });

  it.each([
    ['neither form of an answer accepted', { headers: { accept: 'text/html' }, body: INITIALIZE }, 406],
    ['a listener that accepts no stream', { headers: { accept: 'application/json' }, method: 'GET' }, 406],
    ['a body of another type', { headers: { 'content-type': 'text/plain' }, body: INITIALIZE }, 415],
    ['a body that is not JSON', { body: '{' }, 400],
    ['a body that is not a message', { body: { hello: 1 } }, 400],
    ['an empty batch', { body: [] }, 400],
    ['another method', { method: 'PUT', body: LIST }, 405],
    ['an unknown version', { body: LIST, headers: { 'mcp-protocol-version': '1999-01-01' } }, 400],
  ])('%s is refused', async (_what, request, status) => {
    const { origin } = await serveTools();
    const response = await mcpFetch(origin, request);
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toMatch(/^application\/json/);
    const body = (await response.json()) as { error: { message: string } };
    expect(body).toMatchObject({ jsonrpc: '2.0', id: null, error: { code: expect.any(Number) } });
    expect(JSON.stringify(body)).not.toMatch(/\bat |node_modules|\.ts|\.mjs/);
    if (status === 405) expect(response.headers.get('allow')).toContain('POST');
  });

  it('a key is needed, with the scope `tools`, and the answer says how', async () => {
    const { origin } = await serveTools();
    const missing = await mcpFetch(origin, { body: INITIALIZE, token: 'wrong' });
    expect(missing.status).toBe(401);
    expect(missing.headers.get('www-authenticate')).toBe('Bearer');
    expect(await missing.json()).toMatchObject({ error: { data: { status: 401 } } });
    expect(await mcpFetch(origin, { body: INITIALIZE, token: 'openai' })).toHaveProperty('status', 403);
  });

  it('a page of this machine can keep a session; one of another site and a body that is too long are refused', async () => {
    const { origin } = await serveTools();
    const own = await mcpFetch(origin, { body: INITIALIZE, headers: { origin: 'http://localhost:6274' } });
    expect(own.headers.get('access-control-expose-headers')).toContain('mcp-session-id');
    const foreign = { origin: 'https://evil.example' };
    expect(await mcpFetch(origin, { body: INITIALIZE, headers: foreign })).toHaveProperty('status', 403);
    const long = { ...LIST, params: { _meta: { long: 'x'.repeat(1_100_000) } } };
    expect(await mcpFetch(origin, { body: long })).toHaveProperty('status', 413);
  });
});

describe('bounds', () => {
  it('a key with too many sessions loses the one that it used longest ago', async () => {
    const { origin } = await serveTools({ limits: { perKey: 2 } });
    const first = await beginMcpSession(origin);
    const second = await beginMcpSession(origin);
    const other = await beginMcpSession(origin, 'tools');
    expect(await mcpFetch(origin, { body: LIST, session: first })).toHaveProperty('status', 200);
    const third = await beginMcpSession(origin);
    expect(await mcpFetch(origin, { body: LIST, session: second })).toHaveProperty('status', 404);
    for (const session of [first, third]) {
      expect(await mcpFetch(origin, { body: LIST, session })).toHaveProperty('status', 200);
    }
    expect(await mcpFetch(origin, { body: LIST, session: other, token: 'tools' })).toHaveProperty(
      'status',
      200,
    );
  });

  it('a session with an open stream is not taken away, and another one is refused', async () => {
    const { origin } = await serveTools({ limits: { total: 1 } });
    const session = await beginMcpSession(origin);
    const stream = await mcpFetch(origin, { method: 'GET', session });
    const refused = await mcpFetch(origin, { body: INITIALIZE, token: 'tools' });
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    await stream.body?.cancel();
  });

  it('a session that nobody uses ends', async () => {
    const { origin } = await serveTools({ limits: { goneMs: 1, idleMs: 1 } });
    const session = await beginMcpSession(origin);
    await expect.poll(async () => (await mcpFetch(origin, { method: 'DELETE', session })).status).toBe(404);
  });

  it('a client that does not read its answer is cut off', async () => {
    const { tool } = createFakeTool();
    const long = { ...tool, run: async () => ({ title: 'x'.repeat(20_000_000), dry_run: true }) };
    const { origin, log } = await serveTools({ tools: [long], stallLimitMs: 100 });
    const session = await beginMcpSession(origin);
    const response = await mcpFetch(origin, { body: toolCall('fake_change', { title: 'x' }), session });
    await expect.poll(() => log.lines.join()).toContain('client_too_slow');
    await expect(response.text()).rejects.toThrow();
  });
});

describe('a key that is revoked', () => {
  it('ends its sessions with their streams and calls, and gets 401', async () => {
    let problem: GatewayError | undefined;
    const { tool, started, ended } = createHangingTool();
    const { origin } = await serveTools({
      tools: [tool],
      check: async ({ name }) => {
        if (problem !== undefined && name === 'tools') throw problem;
      },
    });
    const session = await beginMcpSession(origin, 'tools');
    const other = await beginMcpSession(origin);
    const stream = await mcpFetch(origin, { method: 'GET', session, token: 'tools' });
    const call = mcpFetch(origin, { body: toolCall('fake_change', { title: 'x' }), session, token: 'tools' });
    await started;
    problem = new GatewayError('invalid_api_key', 'This token was revoked.');
    await stream.text().catch(() => '');
    // Its client would wait for an answer until its own time is over.
    expect(await (await call).text()).toMatch(/"id":1,"error":\{[^]*"message":"This token was revoked\."/);
    await ended;
    expect(await mcpFetch(origin, { body: LIST, session, token: 'tools' })).toHaveProperty('status', 401);
    problem = undefined;
    expect(await mcpFetch(origin, { body: LIST, session, token: 'tools' })).toHaveProperty('status', 404);
    expect(await mcpFetch(origin, { body: LIST, session: other })).toHaveProperty('status', 200);
  });

  it('gets 401 for the call of 2026-07-28 that runs', async () => {
    let problem: GatewayError | undefined;
    const { tool, started, ended } = createHangingTool();
    const { connect } = await serveTools({
      tools: [tool],
      check: async () => {
        if (problem !== undefined) throw problem;
      },
    });
    const client = await connect('auto');
    const call = client.callTool({ name: 'fake_change', arguments: { title: 'x' } }).catch(String);
    await started;
    problem = new GatewayError('invalid_api_key', 'This token was revoked.');
    expect(await call).toContain('revoked');
    await ended;
  });
});

describe('a client that leaves', () => {
  it('cancels its call by a notification, and the stream of the call ends', async () => {
    const { tool, started, ended } = createHangingTool();
    const { origin } = await serveTools({ tools: [tool] });
    const session = await beginMcpSession(origin);
    const call = await mcpFetch(origin, { body: toolCall('fake_change', { title: 'x' }, 7), session });
    await started;
    const cancel = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 7 } };
    expect(await mcpFetch(origin, { body: cancel, session })).toHaveProperty('status', 202);
    await ended;
    expect(await call.text()).not.toContain('result');
  });

  it('cancels its calls by the end of its last connection, and keeps its session', async () => {
    const { tool, started, ended } = createHangingTool();
    const { origin } = await serveTools({ tools: [tool], limits: { goneMs: 1 } });
    const session = await beginMcpSession(origin);
    const leave = new AbortController();
    const body = toolCall('fake_change', { title: 'x' });
    await mcpFetch(origin, { body, session, signal: leave.signal });
    await started;
    leave.abort();
    await ended;
    expect(await mcpFetch(origin, { body: LIST, session })).toHaveProperty('status', 200);
  });

  it('keeps its calls while it still listens', async () => {
    const { tool, started, ended } = createHangingTool();
    const { origin, log } = await serveTools({ tools: [tool], limits: { goneMs: 1 } });
    const session = await beginMcpSession(origin);
    const stream = await mcpFetch(origin, { method: 'GET', session });
    const leave = new AbortController();
    const body = toolCall('fake_change', { title: 'x' });
    await mcpFetch(origin, { body, session, signal: leave.signal });
    const signal = await started;
    leave.abort();
    await expect.poll(() => log.lines.join()).toContain('499');
    expect(signal.aborted).toBe(false);
    await stream.body?.cancel();
    await ended;
  });

  it('cancels a call of 2026-07-28 by the end of its connection', async () => {
    const { tool, started, ended } = createHangingTool();
    const { connect } = await serveTools({ tools: [tool] });
    const client = await connect('auto');
    const leave = new AbortController();
    const given = { name: 'fake_change', arguments: { title: 'x' } };
    const call = client.callTool(given, { signal: leave.signal }).catch(String);
    await started;
    leave.abort();
    expect(await ended).toBeInstanceOf(Error);
    await call;
  });
});

describe('a gateway that stops', () => {
  it('ends the streams of those who only listen, and lets a call finish', async () => {
    let finish = () => {};
    const running = Promise.withResolvers<void>();
    const { tool } = createFakeTool({
      onRun: async () => {
        running.resolve();
        await new Promise<void>((resolve) => {
          finish = resolve;
        });
      },
    });
    const { origin, mcp } = await serveTools({ tools: [tool] });
    const session = await beginMcpSession(origin);
    const stream = await mcpFetch(origin, { method: 'GET', session });
    const call = await mcpFetch(origin, { body: toolCall('fake_change', { title: 'x' }), session });
    await running.promise;
    mcp.leave();
    expect(await stream.text()).toBe('');
    finish();
    expect(await call.text()).toContain('"structuredContent":{"title":"x","dry_run":true}');
  });

  it('ends calls that run, and waits for what they have started', async () => {
    const { tool, started } = createHangingTool();
    const { origin, mcp } = await serveTools({ tools: [tool] });
    const session = await beginMcpSession(origin);
    const call = await mcpFetch(origin, { body: toolCall('fake_change', { title: 'x' }), session });
    const signal = await started;
    await mcp.close();
    expect(signal.aborted).toBe(true);
    expect(await call.text()).not.toContain('result');
  });
});
