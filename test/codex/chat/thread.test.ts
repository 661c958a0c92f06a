import { describe, expect, it } from 'vitest';
import type { TurnNotification } from '../../../src/codex/chat/decode/turn-notifications.ts';
import { createThread } from '../../../src/codex/chat/thread.ts';
import type { TurnListener } from '../../../src/codex/chat/continuation/thread-interface.ts';
import { createTextMessage, type Item } from '../../../src/conversation/item.ts';
import type { Turn } from '../../../src/conversation/turn.ts';
import { dataUrl, SMALL } from '../../support/images.ts';
import { createScriptedAppServer } from '../../support/scripted-app-server.ts';

const NEVER = new AbortController().signal;
const TEXT = createTextMessage('user', 'hello', 'messages[0]');
const REASONING: Item = { type: 'passthrough', item: { type: 'reasoning' }, path: 'input[0]' };
const IMAGE: Item = {
  type: 'message',
  role: 'user',
  parts: [{ type: 'image', url: dataUrl(SMALL.png), detail: 'auto', path: 'messages[0].content[0]' }],
  path: 'messages[0]',
};

/** A thread whose injections are answered by the test, and everything else at once. */
function createTestThread() {
  const requests: string[] = [];
  let injection = Promise.withResolvers<object>();
  const server = createScriptedAppServer(async (method) => {
    requests.push(method);
    if (method === 'thread/inject_items') return await injection.promise;
    return { turn: { id: 'u' } };
  });
  const heard: string[] = [];
  const listener: TurnListener = {
    onNotifications: (batch) => void heard.push(...batch.map(({ method }) => method)),
    onClose: () => void heard.push('closed'),
    onTooLong: () => void heard.push('too long'),
  };
  const thread = createThread(server, 't');
  return {
    thread,
    requests,
    heard,
    run(items: readonly Item[], turn: Partial<Turn> = {}) {
      injection = Promise.withResolvers();
      return thread.run(
        {
          turn: { model: 'm', items, ...turn },
          items,
          isContinued: false,
          names: { toCodexName: String, toCallerName: String },
          caller: { signal: NEVER },
          onAsked: () => void heard.push('asked'),
          onInjected: () => void heard.push('injected'),
        },
        listener,
      );
    },
    answer: () => injection.resolve({}),
    refuse: () => injection.reject(new Error('refused')),
    end: () => server.notifications.close(),
    notify: (method: string) =>
      server.notifications.route([
        { method, params: { threadId: 't', turn: { id: 'u' } } } as TurnNotification,
      ]),
  };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('a thread', () => {
  it('sends a text conversation and the start of its turn without waiting in between', async () => {
    const { run, requests, answer } = createTestThread();
    const running = run([TEXT]);
    await settled();
    expect(requests).toEqual(['thread/inject_items', 'turn/start']);
    answer();
    await running;
  });

  it.each<[what: string, items: Item[], turn?: Partial<Turn>]>([
    ["an item in the provider's own form", [TEXT, REASONING]],
    ["tools in the provider's own form", [TEXT], { passthroughTools: [{ type: 'x' }] }],
    ['an image', [IMAGE]],
    ['an empty conversation', []],
  ])('starts no turn before Codex has accepted %s', async (_what, items, turn) => {
    const { run, requests, refuse } = createTestThread();
    const running = run(items, turn);
    await settled();
    expect(requests).toEqual(['thread/inject_items']);
    refuse();
    await expect(running).rejects.toThrow('refused');
    expect(requests).toEqual(['thread/inject_items']);
  });

  it('interrupts the turn that it has started when the conversation is refused', async () => {
    const { run, thread, requests, heard, refuse, notify } = createTestThread();
    const running = run([TEXT]);
    await settled();
    notify('turn/started');
    refuse();
    await expect(running).rejects.toThrow('refused');
    await thread.release();
    expect(requests.slice(2)).toEqual(['turn/interrupt', 'thread/unsubscribe']);
    expect(heard).toEqual(['asked']);
  });

  it('reports what it hears of the turn after the injection, in order', async () => {
    const { run, heard, answer, notify, end } = createTestThread();
    const running = run([TEXT]);
    await settled();
    notify('turn/started');
    notify('item/started');
    expect(heard).toEqual(['asked']);
    answer();
    await running;
    notify('item/completed');
    end();
    const expected = ['asked', 'injected', 'turn/started', 'item/started', 'item/completed', 'closed'];
    expect(heard).toEqual(expected);
  });

  it('interrupts the turn that runs, even if the reply to the start of an earlier one comes late', async () => {
    const replies: PromiseWithResolvers<object>[] = [];
    const interrupted: unknown[] = [];
    const server = createScriptedAppServer(async (method, params) => {
      if (method === 'turn/interrupt') interrupted.push(params);
      if (method !== 'turn/start') return {};
      const reply = Promise.withResolvers<object>();
      replies.push(reply);
      return await reply.promise;
    });
    Object.assign(server.state, { canGuardRequests: true });
    const thread = createThread(server, 't');
    const running = thread.run(
      {
        turn: { model: 'm', items: [TEXT] },
        items: [TEXT],
        isContinued: false,
        names: { toCodexName: String, toCallerName: String },
        caller: { signal: NEVER },
        onAsked: () => {},
        onInjected: () => {},
      },
      { onNotifications: () => {}, onClose: () => {}, onTooLong: () => {} },
    );
    await settled();
    // Both come in one read: the turn ran into the guard before anything was sent, and is started again.
    const error = { message: 'codex-gateway-dead-end' };
    server.notifications.route(
      [
        { method: 'turn/started', params: { threadId: 't', turn: { id: 'first' } } },
        { method: 'turn/completed', params: { threadId: 't', turn: { id: 'first', error } } },
      ].map((notification) => notification as TurnNotification),
    );
    expect(replies).toHaveLength(2);
    replies[0]!.resolve({ turn: { id: 'first' } });
    await running;
    replies[1]!.resolve({ turn: { id: 'second' } });
    await settled();
    await thread.release();
    expect(interrupted).toEqual([{ threadId: 't', turnId: 'second' }]);
  });

  it('runs another turn after the first', async () => {
    const { run, thread, requests, heard, answer, notify } = createTestThread();
    for (const _turn of ['first', 'second']) {
      const running = run([TEXT]);
      answer();
      await running;
      notify('turn/completed');
    }
    const once = ['asked', 'injected', 'turn/completed'];
    expect(heard).toEqual([...once, ...once]);
    await thread.release();
    expect(requests.slice(4)).toEqual(['thread/unsubscribe']);
  });
});
