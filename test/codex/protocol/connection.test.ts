import { PassThrough } from 'node:stream';
import { readFileSync } from 'node:fs';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { ServerNotification } from '../../../generated/ServerNotification.js';
import {
  createConnection,
  type ConnectionOptions,
  type ConnectionPolicy,
} from '../../../src/codex/protocol/connection.ts';
import { decodeRpcError, RpcError } from '../../../src/codex/protocol/rpc-error.ts';
import { TIMEOUTS_MS } from '../../../src/codex/protocol/methods.ts';
import { IGNORE_ALL, type NotificationTable } from '../../../src/codex/protocol/notifications.ts';
import { refuse } from '../../../src/codex/protocol/refusals.ts';
import { createMemoryLog } from '../../support/memory-log.ts';

interface Line {
  readonly id?: number;
  readonly method?: string;
  readonly result?: unknown;
  readonly error?: unknown;
}

const TABLE: NotificationTable = { ...IGNORE_ALL, 'turn/started': 'heard' };

/** A connection whose other side is the test; it refuses every request of the app-server. */
function connect({ answer, ...options }: Partial<ConnectionOptions & ConnectionPolicy> = {}) {
  const input = new PassThrough();
  const output = new PassThrough();
  const log = createMemoryLog();
  const notifications: ServerNotification[] = [];
  const garbage: string[] = [];
  /** Number of late requests, and of those for which the app-server was only busy. */
  const timeouts = { count: 0, busy: 0 };
  const connection = createConnection({
    input,
    output,
    policy: { notifications: TABLE, answer: answer ?? ((method) => refuse(method, log)) },
    onNotifications: (batch) => notifications.push(...batch),
    onGarbage: (problem) => garbage.push(problem),
    async onTimeout() {
      timeouts.count += 1;
      return timeouts.busy > 0 && timeouts.count <= timeouts.busy;
    },
    ...options,
  });
  onTestFinished(() => connection.dispose());
  const waiting: ((line: Line) => void)[] = [];
  const received: Line[] = [];
  output.setEncoding('utf8').on('data', (text: string) => {
    for (const line of text.trim().split('\n')) {
      const parsed = JSON.parse(line) as Line;
      const next = waiting.shift();
      if (next) next(parsed);
      else received.push(parsed);
    }
  });
  const nextLine = () =>
    new Promise<Line>((resolve) => {
      const line = received.shift();
      if (line) resolve(line);
      else waiting.push(resolve);
    });
  const send = (line: object) => input.write(`${JSON.stringify(line)}\n`);
  return { connection, log, notifications, garbage, timeouts, received, nextLine, send, input, output };
}

const list = { limit: 1 };

describe('a request', () => {
  it('resolves with the reply that has its id', async () => {
    const { connection, nextLine, send } = connect();
    const reply = connection.request('model/list', list);
    const { id, method } = await nextLine();
    expect(method).toBe('model/list');
    send({ id, result: { data: [], nextCursor: null } });
    expect(await reply).toEqual({ data: [], nextCursor: null });
  });

  it('that is refused carries the error code and hides the message from the caller', async () => {
    const { connection, nextLine, send } = connect();
    const reply = connection.request('model/list', list).catch((error: unknown) => error);
    const { id } = await nextLine();
    send({ id, error: { code: -32_001, message: 'Server overloaded; retry later.' } });
    expect(await reply).toMatchObject({ failure: 'refused', rpcCode: -32_001 });
    expect(decodeRpcError(await reply)).toMatchObject({ code: 'overloaded', detail: { retryAfter: 1 } });
    const refused = new RpcError('refused', 'turn/start', '/secret/path', { rpcCode: -32_600 });
    expect(decodeRpcError(refused)).toMatchObject({
      code: 'internal_error',
      message: 'Codex refused to run this request.',
    });
  });

  it('that is never answered fails after its timeout', async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const { connection, timeouts } = connect();
    const reply = connection.request('model/list', list).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(TIMEOUTS_MS['model/list']);
    expect(await reply).toMatchObject({ failure: 'timeout' });
    expect(timeouts.count).toBe(1);
    expect(decodeRpcError(await reply)).toMatchObject({ code: 'codex_unavailable' });
  });

  it('fails when the connection ends, as does every later one', async () => {
    const { connection, nextLine } = connect();
    const reply = connection.request('model/list', list).catch((error: unknown) => error);
    await nextLine();
    connection.dispose();
    expect(await reply).toMatchObject({ failure: 'closed', isUnsent: false });
    await expect(connection.request('model/list', list)).rejects.toMatchObject({
      failure: 'closed',
      isUnsent: true,
    });
  });

  it('that waits for a place is unsent when the connection ends, and never reported as written', async () => {
    const { connection, nextLine } = connect();
    const written: string[] = [];
    const request = (name: string) =>
      connection
        .request('model/list', { ...list }, { onWritten: () => written.push(name) })
        .catch((error: unknown) => error);
    const replies = [...Array.from({ length: 64 }, () => request('sent')), request('waiting')];
    for (let index = 0; index < 64; index += 1) await nextLine();
    connection.dispose();
    expect(await replies[0]).toMatchObject({ failure: 'closed', isUnsent: false });
    expect(await replies[64]).toMatchObject({ failure: 'closed', isUnsent: true });
    expect(new Set(written)).toEqual(new Set(['sent']));
  });

  it('waits for a place while 64 others are under way', async () => {
    const { connection, nextLine, received, send } = connect();
    const replies = Array.from({ length: 65 }, () => connection.request('model/list', list));
    const ids = [];
    for (let index = 0; index < 64; index += 1) ids.push((await nextLine()).id);
    await new Promise((resolve) => setImmediate(resolve));
    expect(received).toEqual([]);
    send({ id: ids[0], result: {} });
    for (const id of [...ids.slice(1), (await nextLine()).id]) send({ id, result: {} });
    expect(await Promise.all(replies)).toHaveLength(65);
  });

  it('that is aborted while it waits for a place leaves the queue and is never sent', async () => {
    const { connection, nextLine, received, send } = connect();
    const replies = Array.from({ length: 64 }, () => connection.request('model/list', list));
    const gone = new AbortController();
    const given = connection.request('account/read', {}, { signal: gone.signal });
    const after = connection.request('turn/interrupt', { threadId: 't', turnId: 'u' });
    gone.abort(new Error('gone'));
    await expect(given).rejects.toThrow('gone');
    for (const _ of replies) send({ id: (await nextLine()).id, result: {} });
    const next = await nextLine();
    expect(next.method).toBe('turn/interrupt');
    send({ id: next.id, result: {} });
    await Promise.all([...replies, after]);
    expect(received).toEqual([]);
  });

  it('that was sent still resolves after it is aborted', async () => {
    const { connection, nextLine, send } = connect();
    const gone = new AbortController();
    const reply = connection.request('model/list', list, { signal: gone.signal });
    const { id } = await nextLine();
    gone.abort(new Error('gone'));
    send({ id, result: { data: [] } });
    expect(await reply).toEqual({ data: [] });
  });

  it('that gets a place late has its full timeout from then on', async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const { connection } = connect();
    const replies = Array.from({ length: 70 }, () =>
      connection.request('model/list', list).catch((error: unknown) => error),
    );
    // Those in the queue have all of their time once they are sent.
    await vi.advanceTimersByTimeAsync(2 * TIMEOUTS_MS['model/list']);
    expect(new Set((await Promise.all(replies)).map((error) => (error as RpcError).failure))).toEqual(
      new Set(['timeout']),
    );
  });

  it('still resolves when a busy app-server answers late', async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const { connection, timeouts, nextLine, send } = connect();
    timeouts.busy = 2;
    const reply = connection.request('model/list', list);
    const { id } = await nextLine();
    await vi.advanceTimersByTimeAsync(3 * TIMEOUTS_MS['model/list'] - 1);
    vi.useRealTimers();
    send({ id, result: { data: [] } });
    expect(await reply).toEqual({ data: [] });
    expect(timeouts.count).toBe(2);
  });

  it('passes a reply that comes after its timeout to onLate', async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const { connection, nextLine, send } = connect();
    const late = Promise.withResolvers<unknown>();
    const reply = connection
      .request('model/list', list, { onLate: late.resolve })
      .catch((error: unknown) => error);
    const { id } = await nextLine();
    await vi.advanceTimersByTimeAsync(TIMEOUTS_MS['model/list']);
    expect(await reply).toMatchObject({ failure: 'timeout' });
    vi.useRealTimers();
    send({ id, result: { data: [] } });
    expect(await late.promise).toEqual({ data: [] });
  });

  it.each([
    ['has the wrong form', { result: {} }],
    ['is an error', { error: { code: 1, message: 'no' } }],
  ])('does not disturb later requests when its late reply %s', async (_, answer) => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const { connection, nextLine, send } = connect();
    const clumsy = vi.fn<() => void>().mockImplementation(() => {
      throw new TypeError('not what it should be');
    });
    const reply = connection.request('model/list', list, { onLate: clumsy }).catch((error: unknown) => error);
    const { id } = await nextLine();
    await vi.advanceTimersByTimeAsync(TIMEOUTS_MS['model/list']);
    await reply;
    vi.useRealTimers();
    send({ id, ...answer });
    // An unhandled rejection fails the run.
    const next = connection.request('model/list', list);
    send({ id: (await nextLine()).id, result: {} });
    await next;
    expect(clumsy).toHaveBeenCalledTimes('result' in answer ? 1 : 0);
  });

  it('counts as refused, not as closed, when its reply is empty', async () => {
    const { connection, nextLine, send } = connect();
    const reply = connection.request('model/list', list).catch((error: unknown) => error);
    send({ id: (await nextLine()).id, error: null });
    expect(await reply).toMatchObject({ failure: 'refused', rpcCode: undefined });
  });

  it('fails as closed when the child has gone before it is written', async () => {
    const { connection, output } = connect();
    output.destroy();
    await expect(connection.request('model/list', list)).rejects.toMatchObject({ failure: 'closed' });
  });
});

describe('a ping', () => {
  it('of a connection that is over settles at once', async () => {
    const { connection } = connect();
    connection.dispose();
    expect(await connection.ping()).toBeUndefined();
  });

  it('settles when the app-server answers, refuses or is gone', async () => {
    const { connection, nextLine, send } = connect();
    for (const answer of [{ result: {} }, { error: { code: -32_001, message: 'busy' } }]) {
      const ping = connection.ping();
      send({ id: (await nextLine()).id, ...answer });
      expect(await ping).toBeUndefined();
    }
    const ping = connection.ping();
    await nextLine();
    connection.dispose();
    expect(await ping).toBeUndefined();
  });

  it('does not wait behind other requests', async () => {
    const { connection, nextLine, send } = connect();
    for (let index = 0; index < 70; index += 1) connection.request('model/list', list).catch(() => {});
    for (let index = 0; index < 64; index += 1) await nextLine();
    const ping = connection.ping();
    send({ id: (await nextLine()).id, result: {} });
    expect(await ping).toBeUndefined();
  });
});

/** Every server request of the pinned protocol. */
const methods = [
  ...readFileSync(new URL('../../../generated/ServerRequest.d.ts', import.meta.url), 'utf8').matchAll(
    /"method": "([^"]+)"/g,
  ),
].map((match) => match[1]!);

describe('a request from the app-server', () => {
  it.each(methods)('named %s is refused and logged', async (method) => {
    const { nextLine, send, log } = connect();
    send({ id: 7, method, params: {} });
    const { id, result, error } = await nextLine();
    expect(id).toBe(7);
    const answer = JSON.stringify(result ?? error);
    expect(answer).toMatch(/cancel|abort|refuse|"permissions":\{\}|"success":false|"answers":\{\}/);
    expect(answer).not.toMatch(/accept|approved/);
    expect(log.lines).toEqual([`warn app-server request refused ${JSON.stringify({ method })}`]);
  });

  it('is refused when its answer fails', async () => {
    const { nextLine, send } = connect({
      answer() {
        throw new Error('broken');
      },
    });
    send({ id: 9, method: 'item/tool/call', params: {} });
    expect(await nextLine()).toMatchObject({ id: 9, error: { code: -32_600 } });
  });

  it('that is unknown is refused and logged', async () => {
    const { nextLine, send, log } = connect();
    for (const method of ['brand/new', 'constructor']) {
      send({ id: 8, method, params: {} });
      expect(await nextLine()).toMatchObject({
        id: 8,
        error: { message: 'codex-gateway refuses this request' },
      });
    }
    expect(log.lines).toHaveLength(2);
  });
});

describe('a notification from the app-server', () => {
  it('is passed on if it is well-formed and used, and skipped otherwise', async () => {
    const { connection, notifications, nextLine, send, input, garbage } = connect();
    input.write('No JSON in here\n');
    send({ method: 'thread/closed', params: { threadId: 't' } });
    send({ method: 'turn/started', params: { threadId: 't' } });
    send({ method: 'turn/started' });
    const reply = connection.request('model/list', list);
    send({ id: (await nextLine()).id, result: {} });
    await reply;
    expect(notifications).toEqual([{ method: 'turn/started', params: { threadId: 't' } }]);
    expect(garbage).toEqual([expect.stringContaining('skipped a line of 15 bytes')]);
  });
});

describe('one read of the pipe', () => {
  const lines = (...messages: object[]) =>
    Buffer.from(messages.map((message) => `${JSON.stringify(message)}\n`).join(''));

  it('hands over its notifications and settles its replies in the same tick', async () => {
    const { connection, notifications, nextLine, input } = connect();
    const reply = connection.request('model/list', list);
    const { id } = await nextLine();
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const started = { method: 'turn/started', params: { threadId: 't' } };
    input.emit('data', lines(started, { id, result: { data: [] } }, started));
    expect(notifications).toEqual([started, started]);
    // No timer and no immediate runs any more.
    expect(await reply).toEqual({ data: [] });
  });

  it('is heard in order, a request of the app-server among its notifications', () => {
    const heard: string[] = [];
    const { input } = connect({
      onNotifications: (batch) => heard.push(...batch.map(({ method }) => method)),
      answer(method) {
        heard.push(method);
        return undefined;
      },
    });
    const params = { threadId: 't' };
    const started = { method: 'turn/started', params };
    input.emit('data', lines(started, { id: 1, method: 'item/tool/call', params }, started));
    expect(heard).toEqual(['turn/started', 'item/tool/call', 'turn/started']);
  });

  it('is not read where it is about a thread that nobody listens to', () => {
    const parse = vi.spyOn(JSON, 'parse');
    onTestFinished(() => parse.mockRestore());
    const { notifications, input } = connect({ listens: (threadId) => threadId === 'a' });
    const started = (threadId: string) => ({ method: 'turn/started', params: { threadId } });
    input.emit('data', lines(started('b'), started('a'), { method: 'turn/completed', params: {} }));
    expect(notifications).toEqual([started('a')]);
    expect(parse).toHaveBeenCalledTimes(1);
  });
});

describe('the list of methods', () => {
  const ask = async (answer: object) => {
    const { connection, nextLine, send } = connect();
    const methods = connection.listMethods();
    send({ id: (await nextLine()).id, ...answer });
    return await methods;
  };

  it('is read from the error about an unknown method', async () => {
    const message = 'Invalid request: unknown variant `x`, expected one of `a/b`, `c`';
    expect(await ask({ error: { code: -32_600, message } })).toEqual(['x', 'a/b', 'c']);
  });

  it.each([[{ error: { code: -32_601, message: 'Method not found' } }], [{ result: {} }]])(
    'is unknown when the app-server answers %j',
    async (answer) => {
      expect(await ask(answer)).toBeUndefined();
    },
  );
});
