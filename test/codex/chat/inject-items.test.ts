import { describe, expect, it, vi } from 'vitest';
import { RpcError } from '../../../src/codex/protocol/rpc-error.ts';
import { injectItems } from '../../../src/codex/chat/inject-items.ts';
import type { TurnNotification } from '../../../src/codex/chat/decode/turn-notifications.ts';
import type { Item } from '../../../src/conversation/item.ts';
import { createScriptedAppServer } from '../../support/scripted-app-server.ts';
import { dataUrl, SMALL } from '../../support/images.ts';

const NEVER = new AbortController().signal;
const URL = dataUrl(SMALL.png);
const PATH = 'messages[0].content[0].image_url';

const image = (detail: 'auto' | 'low' = 'auto'): Item => ({
  type: 'message',
  role: 'user',
  parts: [{ type: 'image', url: URL, detail, path: PATH }],
  path: 'messages[0]',
});
const text: Item = {
  type: 'message',
  role: 'user',
  parts: [{ type: 'text', text: 'look' }],
  path: 'messages[0]',
};

/** An app-server whose reply and echo are scripted: the real one always gives both. */
function createServer() {
  const replies = new Map<string, PromiseWithResolvers<object>>();
  const injected = new Map<string, { id?: string }[]>();
  const server = createScriptedAppServer((_method, params) => {
    const { threadId, items } = params as { threadId: string; items: { id?: string }[] };
    injected.set(threadId, items);
    const reply = Promise.withResolvers<object>();
    replies.set(threadId, reply);
    return reply.promise;
  });
  const { notifications } = server;
  /** The echo of an injected item, or of one that is none of ours. */
  const echo = (threadId: string, index: number, ...content: object[]) => {
    const id = injected.get(threadId)?.[index]?.id ?? 'msg_of_codex';
    const item = { type: 'message', role: 'user', id, content };
    const params = { threadId, turnId: 'auto-compact-0', item };
    notifications.route([{ method: 'rawResponseItem/completed', params } as TurnNotification]);
  };
  return { server, replies, echo, notifications, injected };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('the echo of injected items', () => {
  it('may come before or after the reply and is matched item by item', async () => {
    const { server, replies, echo } = createServer();
    const injecting = injectItems({ server, threadId: 't', toCodexName: String }, [text, image()], {
      signal: NEVER,
    });
    await settled();
    echo('t', -1, { type: 'input_text', text: 'of Codex itself' });
    echo('t', 0, { type: 'input_text', text: 'look' });
    replies.get('t')!.resolve({});
    await settled();
    echo('t', 1, { type: 'input_image', image_url: 'data:image/jpeg;base64,AAAA' });
    expect(await injecting).toEqual([{ path: PATH, from: 'image/png', to: 'image/jpeg;re-encoded' }]);
  });

  it('reports a changed detail but not a changed media type of the same image', async () => {
    const { server, replies, echo } = createServer();
    const injecting = injectItems({ server, threadId: 't', toCodexName: String }, [image('low')], {
      signal: NEVER,
    });
    await settled();
    replies.get('t')!.resolve({});
    echo('t', 0, { type: 'input_image', image_url: URL.replace('png', 'webp') });
    expect(await injecting).toEqual([{ path: `${PATH}.detail`, from: 'low', to: 'original' }]);
  });

  it.each([[{ type: 'input_text', text: 'image content omitted' }], [undefined]])(
    'with %j instead of the image fails and names the part',
    async (content) => {
      const { server, replies, echo } = createServer();
      const injecting = injectItems({ server, threadId: 't', toCodexName: String }, [image()], {
        signal: NEVER,
      });
      await settled();
      replies.get('t')!.resolve({});
      echo('t', 0, ...(content ? [content] : []));
      await expect(injecting).rejects.toMatchObject({ code: 'invalid_image', detail: { param: PATH } });
    },
  );

  it('fails the turn when it never comes', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const { server, replies } = createServer();
      const outcome = injectItems({ server, threadId: 't', toCodexName: String }, [image()], {
        signal: NEVER,
      }).catch((error: unknown) => error);
      await settled();
      replies.get('t')!.resolve({});
      await vi.advanceTimersByTimeAsync(15_000);
      expect(await outcome).toMatchObject({ code: 'internal_error' });
    } finally {
      vi.useRealTimers();
    }
  });

  it('is not awaited once the child has ended', async () => {
    const { server, replies, notifications } = createServer();
    const injecting = injectItems({ server, threadId: 't', toCodexName: String }, [image()], {
      signal: NEVER,
    });
    await settled();
    replies.get('t')!.resolve({});
    await settled();
    notifications.close();
    await expect(injecting).rejects.toMatchObject({ failure: 'closed', isUnsent: false });
  });
});

describe('requests with images', () => {
  it('are injected one after another while requests without images pass', async () => {
    const { server, replies, echo } = createServer();
    const first = injectItems({ server, threadId: 'a', toCodexName: String }, [image()], { signal: NEVER });
    const second = injectItems({ server, threadId: 'b', toCodexName: String }, [image()], { signal: NEVER });
    const without = injectItems({ server, threadId: 'c', toCodexName: String }, [text], { signal: NEVER });
    await settled();
    replies.get('a')!.resolve({});
    replies.get('c')!.resolve({});
    expect(await without).toEqual([]);
    expect([...replies.keys()].toSorted()).toEqual(['a', 'c']);
    echo('a', 0, { type: 'input_image', image_url: URL });
    expect(await first).toEqual([]);
    await settled();
    replies.get('b')!.resolve({});
    echo('b', 0, { type: 'input_image', image_url: URL });
    expect(await second).toEqual([]);
  });

  it('let the next one in, even when they fail or are aborted', async () => {
    const { server, replies, echo } = createServer();
    const gone = new AbortController();
    const failing = injectItems({ server, threadId: 'a', toCodexName: String }, [image()], { signal: NEVER });
    const leaving = injectItems({ server, threadId: 'b', toCodexName: String }, [image()], {
      signal: gone.signal,
    });
    const last = injectItems({ server, threadId: 'c', toCodexName: String }, [image()], { signal: NEVER });
    await settled();
    gone.abort(new Error('gone'));
    await expect(leaving).rejects.toThrow('gone');
    replies.get('a')!.reject(new RpcError('refused', 'thread/inject_items', 'no'));
    await expect(failing).rejects.toThrow('no');
    await settled();
    replies.get('c')!.resolve({});
    echo('c', 0, { type: 'input_image', image_url: URL });
    expect(await last).toEqual([]);
  });
});
