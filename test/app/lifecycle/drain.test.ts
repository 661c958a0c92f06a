import { describe, expect, it, vi } from 'vitest';
import { drain, type RunningRequests } from '../../../src/app/lifecycle/drain.ts';
import type { Listening } from '../../../src/app/lifecycle/listen.ts';

/** A server whose connections all end when they are cut. */
function create(running: number) {
  const closed = Promise.withResolvers<void>();
  const events: string[] = [];
  let count = running;
  const listening: Pick<Listening, 'close' | 'cutIdle' | 'cut'> = {
    async close() {
      events.push('close');
      await closed.promise;
    },
    cutIdle: () => void events.push('cutIdle'),
    cut() {
      events.push('cut');
      closed.resolve();
    },
  };
  const requests: RunningRequests = {
    count: () => count,
    abort() {
      events.push('abort');
      count = 0;
    },
    leave: () => void events.push('leave'),
  };
  return {
    events,
    finish: () => (count = 0),
    drain: (patience: AbortSignal) => drain(listening as Listening, patience, requests),
  };
}

describe('draining a server', () => {
  it('stops accepting, and cuts the remaining connections when no request is running', async () => {
    const server = create(0);
    await server.drain(new AbortController().signal);
    expect(server.events).toEqual(['close', 'leave', 'cut']);
  });

  it('waits for running requests, and cuts only idle connections until then', async () => {
    const server = create(1);
    const drained = server.drain(new AbortController().signal);
    await vi.waitFor(() => expect(server.events).toContain('cutIdle'));
    expect(server.events).not.toContain('cut');
    server.finish();
    await drained;
    expect(server.events).not.toContain('abort');
  });

  it('ends running requests when its patience is over', async () => {
    const server = create(1);
    const patience = new AbortController();
    const drained = server.drain(patience.signal);
    expect(server.events).not.toContain('abort');
    patience.abort();
    await drained;
    expect(server.events.filter((event) => event === 'abort')).toHaveLength(1);
  });

  it('ends running requests at once without any patience', async () => {
    const server = create(1);
    await server.drain(AbortSignal.abort());
    expect(server.events.slice(0, 3)).toEqual(['close', 'leave', 'abort']);
  });
});
