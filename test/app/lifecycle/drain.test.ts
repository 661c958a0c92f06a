import { describe, expect, it, vi } from 'vitest';
import { drain, type RunningRequests } from '../../../src/app/lifecycle/drain.ts';
import type { Listening } from '../../../src/app/lifecycle/listen.ts';

/** A server whose connections all end when they are cut. */
function create(running: number, late = 0) {
  const closed = Promise.withResolvers<void>();
  const events: string[] = [];
  const counts = { running, late };
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
  const looked = vi.fn();
  const requests: RunningRequests = {
    count() {
      looked();
      return counts.running;
    },
    late: () => counts.late,
    abort() {
      events.push('abort');
      counts.running = 0;
    },
    leave: () => void events.push('leave'),
  };
  return {
    events,
    counts,
    looked,
    drain: (patience: AbortSignal) => drain(listening as Listening, patience, requests),
  };
}

const PATIENT = new AbortController().signal;

describe('draining a server', () => {
  it('stops accepting at once when no request is running, and cuts the remaining connections', async () => {
    const server = create(0);
    await server.drain(PATIENT);
    expect(server.events).toEqual(['leave', 'close', 'cutIdle', 'cut']);
  });

  it('keeps the port open and every connection until the running requests have ended', async () => {
    const server = create(1);
    const drained = server.drain(PATIENT);
    await vi.waitFor(() => expect(server.looked.mock.calls.length).toBeGreaterThan(2));
    expect(server.events).toEqual(['leave']);
    server.counts.running = 0;
    await drained;
    expect(server.events).toEqual(['leave', 'close', 'cutIdle', 'cut']);
  });

  it('lets requests that came during the stop have their refusal before it cuts their connections', async () => {
    const server = create(0, 1);
    const drained = server.drain(PATIENT);
    expect(server.events).toEqual(['leave']);
    await vi.waitFor(() => expect(server.events).toEqual(['leave', 'close', 'cutIdle']));
    server.counts.late = 0;
    await drained;
    expect(server.events.at(-1)).toBe('cut');
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
    expect(server.events.slice(0, 2)).toEqual(['leave', 'abort']);
  });
});
