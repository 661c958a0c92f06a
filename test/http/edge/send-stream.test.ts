import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../../src/base/errors.ts';
import { sendStream, type StreamOptions } from '../../../src/http/edge/send-stream.ts';
import { DONE, type SseFrame, type FrameStream } from '../../../src/openai/vocabulary/sse-frame.ts';
import { serve } from '../../support/serve.ts';

interface Given {
  readonly stream: Partial<FrameStream>;
  readonly options?: Partial<StreamOptions>;
}

/** Sends the stream to one client. */
async function send({ stream, options }: Given, method = 'GET') {
  const failures: unknown[] = [];
  const { origin } = await serve((ctx) =>
    sendStream(ctx, {
      stream: { frames: say(), heartbeat: () => [], ...stream },
      keepAlive: { commentMs: 60_000, heartbeatMs: 60_000 },
      headers: () => ({ 'x-given': 'yes' }),
      stallLimitMs: 60_000,
      onError: (error) => void failures.push(error),
      ...options,
    }),
  );
  return { failures, response: await fetch(origin, { method }) };
}

async function* say(...frames: readonly SseFrame[]): AsyncGenerator<readonly SseFrame[]> {
  for (const frame of frames) yield [frame];
}

describe('a stream', () => {
  it('is sent as server-sent events that no proxy holds back, with the given headers', async () => {
    const { response } = await send({ stream: { frames: say({ id: '1', event: 'a', data: 'b' }, DONE) } });
    expect([
      response.status,
      ...['content-type', 'cache-control', 'x-accel-buffering', 'x-given'].map((name) =>
        response.headers.get(name),
      ),
    ]).toEqual([200, 'text/event-stream; charset=utf-8', 'no-cache', 'no', 'yes']);
    expect(await response.text()).toBe('id: 1\nevent: a\ndata: b\n\ndata: [DONE]\n\n');
  });

  it('sends the frames of a batch together', async () => {
    const gate = Promise.withResolvers<void>();
    async function* frames(): AsyncGenerator<readonly SseFrame[]> {
      yield [{ data: 'a' }, { data: 'b' }];
      await gate.promise;
      yield [{ data: 'c' }];
    }
    const { response } = await send({ stream: { frames: frames() } });
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader.read()).value).toBe('data: a\n\ndata: b\n\n');
    gate.resolve();
    expect((await reader.read()).value).toBe('data: c\n\n');
    expect((await reader.read()).done).toBe(true);
  });

  it('has its headers alone in answer to HEAD, and ends at once', async () => {
    let isLeft = false;
    async function* endless(): AsyncGenerator<readonly SseFrame[]> {
      try {
        for (;;) yield [{ data: 'a' }];
      } finally {
        isLeft = true;
      }
    }
    const { response } = await send({ stream: { frames: endless() } }, 'HEAD');
    expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([
      200,
      'text/event-stream; charset=utf-8',
      '',
    ]);
    expect(isLeft).toBe(true);
  });

  it('without frames is empty', async () => {
    const { response } = await send({ stream: {} });
    expect([response.status, await response.text()]).toEqual([200, '']);
  });
});

describe('a failure of a stream', () => {
  async function* fail(...frames: readonly SseFrame[]): AsyncGenerator<readonly SseFrame[]> {
    for (const frame of frames) yield [frame];
    throw new GatewayError('overloaded', 'Too much.');
  }

  it('before the first frame keeps its status', async () => {
    const { response, failures } = await send({ stream: { frames: fail() } });
    expect([response.status, await response.json()]).toMatchObject([
      503,
      { error: { message: 'Too much.' } },
    ]);
    expect(failures).toEqual([]);
  });

  it('after the first frame is the last frame, and reported', async () => {
    const { response, failures } = await send({ stream: { frames: fail({ data: 'a' }) } });
    const [first, last] = (await response.text()).trim().split('\n\n');
    expect([response.status, first, JSON.parse(last!.slice('data: '.length))]).toMatchObject([
      200,
      'data: a',
      { error: { code: 'server_is_overloaded' } },
    ]);
    expect(failures).toMatchObject([{ code: 'overloaded' }]);
  });

  it('before the first frame is the last frame of a stream that opens at once', async () => {
    const { response } = await send({ stream: { frames: fail(), opensAtOnce: true } });
    expect([response.status, await response.text()]).toEqual([200, expect.stringContaining('Too much.')]);
  });
});

describe('a silent stream', () => {
  /** Says a frame some time after the given number of heartbeats, which the stream sends until then. */
  function sayAfterHeartbeats(count: number, pauseMs: number): Pick<FrameStream, 'frames' | 'heartbeat'> {
    const enough = Promise.withResolvers<void>();
    let sent = 0;
    async function* say(): AsyncGenerator<readonly SseFrame[]> {
      await enough.promise;
      if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
      yield [{ data: 'a' }];
    }
    return {
      frames: say(),
      heartbeat() {
        sent += 1;
        if (sent === count) enough.resolve();
        return [{ data: 'beat' }];
      },
    };
  }

  it('has comments, and heartbeats less often', async () => {
    const { response } = await send({
      stream: sayAfterHeartbeats(2, 0),
      options: { keepAlive: { commentMs: 20, heartbeatMs: 40 } },
    });
    expect(await response.text()).toBe(`${': keepalive\n\ndata: beat\n\n'.repeat(2)}data: a\n\n`);
  });

  it('begins with a heartbeat if it asks for that', async () => {
    const { response } = await send({
      stream: { ...sayAfterHeartbeats(1, 50), beginsWithHeartbeat: true },
      options: { keepAlive: { commentMs: 20, heartbeatMs: 60_000 } },
    });
    expect(await response.text()).toMatch(/^data: beat\n\n(: keepalive\n\n)*data: a\n\n$/);
  });

  it('has no keep-alive before it is admitted, so that it can still be refused', async () => {
    async function* refuse(): AsyncGenerator<readonly SseFrame[]> {
      await new Promise((resolve) => setTimeout(resolve, 60));
      yield await Promise.reject(new GatewayError('queue_full', 'Full.'));
    }
    const { response } = await send({
      stream: { frames: refuse() },
      options: { keepAlive: { commentMs: 5, heartbeatMs: 5 }, admitted: new Promise(() => {}) },
    });
    expect(response.status).toBe(429);
  });
});

it('a stream whose client has left is stopped', async () => {
  const stopped = Promise.withResolvers<string>();
  async function* flood(): AsyncGenerator<readonly SseFrame[]> {
    try {
      for (;;) yield [{ data: 'x'.repeat(100_000) }];
    } finally {
      stopped.resolve('stopped');
    }
  }
  const { response } = await send({ stream: { frames: flood() } });
  await response.body!.cancel();
  expect(await stopped.promise).toBe('stopped');
});

it('a client that does not read its stream is disconnected', async () => {
  async function* flood(): AsyncGenerator<readonly SseFrame[]> {
    for (;;) yield [{ data: 'x'.repeat(1_000_000) }];
  }
  const { response, failures } = await send({ stream: { frames: flood() }, options: { stallLimitMs: 50 } });
  await expect.poll(() => failures).toMatchObject([{ code: 'client_too_slow' }]);
  await expect(response.text()).rejects.toThrow();
});
