import { expect, it, vi } from 'vitest';
import type { ServerNotification } from '../../../generated/ServerNotification.js';
import {
  createNotificationRouter,
  type ThreadListener,
} from '../../../src/codex/protocol/notification-router.ts';

/** A router with a listener for each of two threads, and the events that they hear. */
function create() {
  const router = createNotificationRouter();
  const events: string[] = [];
  const listenerOf = (threadId: string): ThreadListener => ({
    onNotifications: (batch) => events.push(`${threadId} ${batch.map(({ method }) => method).join()}`),
    onClose: () => events.push(`${threadId} closed`),
    onTooLong: () => events.push(`${threadId} too long`),
  });
  const [stop] = ['a', 'b'].map((threadId) => router.listen(threadId, listenerOf(threadId)));
  const route = (method: string, params: object) => router.route([{ method, params } as ServerNotification]);
  return { router, route, events, stop: stop! };
}

it('hands a notification to the listener of its thread, until that stops', () => {
  const { route, events, stop } = create();
  route('turn/started', { threadId: 'a' });
  stop();
  route('turn/started', { threadId: 'a' });
  route('turn/started', { threadId: 'another' });
  route('turn/started', {});
  expect(events).toEqual(['a turn/started']);
});

it('hands a notification of the account to every listener', () => {
  const { route, events } = create();
  route('account/rateLimits/updated', {});
  expect(events).toEqual(['a account/rateLimits/updated', 'b account/rateLimits/updated']);
});

it('hands each listener its part of a batch at once, in order', () => {
  const { router, events } = create();
  const batch = [
    ['turn/started', { threadId: 'a' }],
    ['turn/started', { threadId: 'b' }],
    ['account/rateLimits/updated', {}],
    ['turn/completed', { threadId: 'a' }],
    ['turn/completed', { threadId: 'another' }],
  ].map(([method, params]) => ({ method, params }) as ServerNotification);
  router.route(batch);
  expect(events).toEqual([
    'a turn/started,account/rateLimits/updated,turn/completed',
    'b turn/started,account/rateLimits/updated',
  ]);
});

it('hands the others their part when a listener fails', () => {
  const { router, route, events } = create();
  router.listen('a', {
    onNotifications() {
      throw new TypeError('not what it should be');
    },
    onClose: () => {},
  });
  route('account/rateLimits/updated', {});
  expect(events).toEqual(['b account/rateLimits/updated']);
});

it('knows which threads have a listener', () => {
  const { router, stop } = create();
  expect(['a', 'b', 'c'].map(router.listens)).toEqual([true, true, false]);
  stop();
  expect(router.listens('a')).toBe(false);
});

it('reports a line that is too long to the thread that it names', () => {
  const { router, events } = create();
  router.reportTooLong('{"method":"item/completed","params":{"threadId":"b","turnId":"u"');
  router.reportTooLong('{"id":1,"result":{');
  expect(events).toEqual(['b too long']);
});

it('reports its end once to every listener, and at once to a later one', () => {
  const { router, events } = create();
  router.close();
  router.close();
  expect(events).toEqual(['a closed', 'b closed']);
  const onClose = vi.fn<() => void>();
  router.listen('c', { onNotifications: () => {}, onClose });
  expect(onClose).toHaveBeenCalledOnce();
});
