import { describe, expect, it, vi } from 'vitest';
import type { ServerNotification } from '../../../generated/ServerNotification.js';
import type { Turn } from '../../../src/conversation/turn.ts';
import { openTurn, openTurnInBatches } from '../../support/open-turn.ts';
import { createScriptedAppServer } from '../../support/scripted-app-server.ts';

const TURN = { model: 'm', items: [] };
const NEVER = new AbortController().signal;

/** Creates an app-server with scripted replies, for situations that the real one does not produce. */
function createServer(instructionSources: string[] = []) {
  const requests: string[] = [];
  const started = Promise.withResolvers<void>();
  const server = createScriptedAppServer((method) => {
    requests.push(method);
    if (method === 'turn/start') setImmediate(started.resolve);
    return { thread: { id: 't' }, turn: { id: 'u' }, instructionSources };
  });
  const createNotification = (method: string, params: object) =>
    ({ method, params: { threadId: 't', turnId: 'u', ...params } }) as ServerNotification;
  const notify = (method: string, params: object) =>
    server.notifications.route([createNotification(method, params)]);
  return { createNotification, server, requests, log: server.observer, notify, started: started.promise };
}

/** Lets the first request wait for its reply. */
function holdFirstReply({ connection }: ReturnType<typeof createServer>['server']) {
  const reply = Promise.withResolvers<object>();
  const asked = Promise.withResolvers<void>();
  vi.spyOn(connection, 'request').mockImplementationOnce(async () => {
    asked.resolve();
    return await (reply.promise as Promise<never>);
  });
  return { reply, asked: asked.promise };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('a turn', () => {
  it('skips a notification that it cannot read', async () => {
    const { server, notify, started, log } = createServer();
    const events = Array.fromAsync(openTurn(server, TURN, NEVER).events);
    await started;
    notify('item/agentMessage/delta', { itemId: 'i', delta: undefined });
    notify('item/agentMessage/delta', { itemId: 'i', delta: 'text' });
    notify('turn/completed', { turn: { id: 'u', status: 'completed' } });
    expect(await events).toEqual([
      { type: 'turn-start', adjustments: [] },
      { type: 'text-delta', text: 'text' },
      { type: 'turn-end', reason: 'stop', isComplete: true, usage: null },
    ]);
    expect(log.lines).toEqual(['warn unreadable notification {"method":"item/agentMessage/delta"}']);
  });

  it('hands over the events of one read together, and none after its end', async () => {
    const { server, createNotification, started } = createServer();
    const { events } = openTurnInBatches(server, TURN, NEVER);
    const read = Array.fromAsync(events);
    await started;
    server.notifications.route([
      createNotification('item/agentMessage/delta', { itemId: 'i', delta: 'a' }),
      createNotification('item/agentMessage/delta', { itemId: 'i', delta: undefined }),
      createNotification('item/agentMessage/delta', { itemId: 'i', delta: 'b' }),
      createNotification('turn/completed', { turn: { id: 'u', status: 'completed' } }),
      createNotification('item/agentMessage/delta', { itemId: 'i', delta: 'c' }),
    ]);
    expect(await read).toEqual([
      [{ type: 'turn-start', adjustments: [] }],
      [
        { type: 'text-delta', text: 'a' },
        { type: 'text-delta', text: 'b' },
        { type: 'turn-end', reason: 'stop', isComplete: true, usage: null },
      ],
    ]);
  });

  it('hands over what came before a failure in the same read', async () => {
    const { server, createNotification, started } = createServer();
    const iterator = openTurn(server, TURN, NEVER).events[Symbol.asyncIterator]();
    const first = iterator.next();
    await started;
    await first;
    server.notifications.route([
      createNotification('item/agentMessage/delta', { itemId: 'i', delta: 'a' }),
      createNotification('turn/completed', { turn: { id: 'u', status: 'interrupted' } }),
      createNotification('item/agentMessage/delta', { itemId: 'i', delta: 'b' }),
    ]);
    expect(await iterator.next()).toEqual({ done: false, value: { type: 'text-delta', text: 'a' } });
    await expect(iterator.next()).rejects.toMatchObject({ code: 'upstream_error' });
  });

  it('fails when it cannot read its last notification', async () => {
    const { server, notify, started } = createServer();
    const events = Array.fromAsync(openTurn(server, TURN, NEVER).events);
    await started;
    notify('turn/completed', {});
    await expect(events).rejects.toThrow(TypeError);
  });

  it('is interrupted when its reader falls too far behind', async () => {
    const { server, notify, started, requests } = createServer();
    const events = openTurn(server, TURN, NEVER).events[Symbol.asyncIterator]() as AsyncGenerator;
    const first = events.next();
    await started;
    notify('item/agentMessage/delta', { itemId: 'i', delta: 'x' });
    await first;
    const megabyte = 'x'.repeat(1024 * 1024);
    for (let index = 0; index < 17; index += 1)
      notify('item/agentMessage/delta', { itemId: 'i', delta: megabyte });
    await settled();
    expect(requests).toContain('turn/interrupt');
    await expect(Array.fromAsync(events)).rejects.toMatchObject({ code: 'client_too_slow' });
  });

  it('is interrupted before its thread is unsubscribed', async () => {
    const { server, started, requests } = createServer();
    const controller = new AbortController();
    const events = Array.fromAsync(openTurn(server, TURN, controller.signal).events);
    await started;
    controller.abort(new Error('gone'));
    await expect(events).rejects.toThrow('gone');
    await settled();
    expect(requests).toEqual([
      'thread/start',
      'thread/inject_items',
      'turn/start',
      'turn/interrupt',
      'thread/unsubscribe',
    ]);
  });

  it('never starts for a caller whose signal has already aborted', async () => {
    const { server, requests } = createServer();
    const gone = AbortSignal.abort(new Error('gone'));
    await expect(Array.fromAsync(openTurn(server, TURN, gone).events)).rejects.toThrow('gone');
    await settled();
    expect(requests).toEqual([]);
  });

  it('releases its caller at once when aborted, and its thread once that has started', async () => {
    const { server, requests } = createServer();
    const { reply, asked } = holdFirstReply(server);
    const controller = new AbortController();
    const events = Array.fromAsync(openTurn(server, TURN, controller.signal).events);
    await asked;
    controller.abort(new Error('gone'));
    await expect(events).rejects.toThrow('gone');
    reply.resolve({ thread: { id: 't' }, instructionSources: [] });
    await settled();
    expect(requests).toEqual(['thread/unsubscribe']);
  });

  it('fails when one of its own lines is too long, but not for a line of another turn', async () => {
    const { server, started } = createServer();
    const events = Array.fromAsync(openTurn(server, TURN, NEVER).events);
    await started;
    const head = (threadId: string) =>
      `{"method":"item/completed","params":{"threadId":"${threadId}","turnId":"u"`;
    server.notifications.reportTooLong(head('another'));
    server.notifications.reportTooLong('{"id":1,"result":{');
    await settled();
    server.notifications.reportTooLong(head('t'));
    await expect(events).rejects.toMatchObject({ code: 'answer_too_large' });
  });

  it('ends when its thread has been released, not when its reader leaves', async () => {
    const { server } = createServer();
    const { reply, asked } = holdFirstReply(server);
    const controller = new AbortController();
    const { events, ended } = openTurn(server, TURN, controller.signal);
    let hasEnded = false;
    void ended.then(() => (hasEnded = true));
    await asked;
    controller.abort(new Error('gone'));
    await expect(Array.fromAsync(events)).rejects.toThrow('gone');
    await settled();
    expect(hasEnded).toBe(false);
    reply.resolve({ thread: { id: 't' }, instructionSources: [] });
    await ended;
  });

  it('is refused when Codex would add instructions of its own', async () => {
    const { server, requests } = createServer(['/etc/codex/AGENTS.md']);
    await expect(Array.fromAsync(openTurn(server, TURN, NEVER).events)).rejects.toMatchObject({
      code: 'internal_error',
    });
    await settled();
    expect(requests).toEqual(['thread/start', 'thread/unsubscribe']);
  });

  it('fails at once on an app-server that has just ended', async () => {
    const { server } = createServer();
    server.notifications.close();
    await expect(Array.fromAsync(openTurn(server, TURN, NEVER).events)).rejects.toMatchObject({
      code: 'codex_unavailable',
    });
  });
});

describe('the thread for the next turn', () => {
  const COMPLETED = { turn: { id: 'u', status: 'completed' } };
  const count = (requests: readonly string[]) => requests.filter((one) => one === 'thread/start').length;

  it('is started as soon as a turn that waits alone has started', async () => {
    const { server, notify, started, requests } = createServer();
    const { ended } = openTurn(server, TURN, NEVER);
    await started;
    notify('turn/started', { turn: { id: 'u' } });
    await settled();
    expect(count(requests)).toBe(2);
    notify('item/agentMessage/delta', { itemId: 'i', delta: 'text' });
    notify('turn/completed', COMPLETED);
    await ended;
    expect(count(requests)).toBe(2);
  });

  it('is started after the first event of a turn beside others', async () => {
    const { server, notify, started, requests } = createServer();
    server.state.warmThreads.enter('another');
    const { ended } = openTurn(server, TURN, NEVER);
    await started;
    notify('turn/started', { turn: { id: 'u' } });
    await settled();
    expect(count(requests)).toBe(1);
    notify('item/agentMessage/delta', { itemId: 'i', delta: 'text' });
    await settled();
    expect(count(requests)).toBe(2);
    notify('turn/completed', COMPLETED);
    await ended;
  });

  it('is not started on an app-server that serves no further requests', async () => {
    const { server, notify, started, requests } = createServer();
    const { ended } = openTurn(server, TURN, NEVER, { expectsRequests: () => false });
    await started;
    notify('turn/started', { turn: { id: 'u' } });
    notify('item/agentMessage/delta', { itemId: 'i', delta: 'text' });
    notify('turn/completed', COMPLETED);
    await ended;
    await settled();
    expect(count(requests)).toBe(1);
  });
});

describe('a small turn', () => {
  const withText = (text: string): Turn => ({
    model: 'm',
    items: [{ type: 'message', role: 'user', parts: [{ type: 'text', text }], path: 'input' }],
  });

  it('has its lines written next while large conversations wait', async () => {
    const { server } = createServer();
    const lines: string[] = [];
    const unread: (() => void)[] = [];
    let threads = 0;
    const request = async (method: string, { threadId }: { threadId?: string }) => {
      if (method === 'thread/start') threads += 1;
      const id = threadId ?? `${threads}`;
      lines.push(`${method} ${id}`);
      const reply = Promise.withResolvers<void>();
      unread.push(reply.resolve);
      await reply.promise;
      return { thread: { id }, turn: { id: 'u' } };
    };
    Object.assign(server.connection, { request });
    const gone = new AbortController();
    const turns = ['a', 'b', 'c'].map(() => openTurn(server, withText('x'.repeat(2_000_000)), gone.signal));
    await settled();
    expect(lines).toEqual(['thread/start 1']);
    turns.push(openTurn(server, withText('small'), gone.signal));
    for (let step = 0; step < 12; step += 1) {
      await settled();
      for (const read of unread.splice(0)) read();
    }
    // The small one's thread is the second, although its turn came last.
    const calls = ['thread/start', 'thread/inject_items', 'turn/start'];
    const expected = ['1', '2', '3', '4'].flatMap((id) => calls.map((method) => `${method} ${id}`));
    expect(lines.toSorted()).toEqual(expected.toSorted());
    expect(lines.indexOf('turn/start 2')).toBeLessThan(lines.indexOf('thread/start 3'));
    expect(lines.indexOf('turn/start 3')).toBeLessThan(lines.indexOf('thread/start 4'));
    gone.abort(new Error('gone'));
    for (const read of unread.splice(0)) read();
    server.connection.request = async () => ({});
    await Promise.all(turns.map(async ({ ended }) => await ended));
  });
});
