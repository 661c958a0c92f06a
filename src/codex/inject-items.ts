import type { JsonValue } from '../../generated/serde_json/JsonValue.js';
import type { ResponseItem } from '../../generated/ResponseItem.js';
import { abortable } from '../base/abort.ts';
import { GatewayError } from '../base/errors.ts';
import { createId } from '../base/ids.ts';
import { orSilence } from '../base/or-silence.ts';
import type { Adjustment } from '../conversation/adjustment.ts';
import { imagesOf, type Item } from '../conversation/item.ts';
import type { AppServer } from './app-server.ts';
import { codexEnded } from './decode-rpc-error.ts';
import { encodeItem } from './encode-item.ts';
import { compareImages } from './image-echo.ts';

/** Milliseconds for the last echo after the reply. */
const ECHO_PATIENCE = 15_000;

export interface InjectTarget {
  readonly server: AppServer;
  readonly threadId: string;
  /** As the thread knows a tool. */
  toCodexName(name: string): string;
}

/**
 * `thread/inject_items`: adds to what the model will see. The app-server decodes images, and what it puts in their place
 * shows in its echo alone; so where there are images, this waits for the echo of every item, and no other request has
 * images decoded meanwhile: one may cost hundreds of megabytes, and all that is echoed waits on one pipe.
 */
export async function injectItems(
  { server, threadId, toCodexName }: InjectTarget,
  items: readonly Item[],
  signal: AbortSignal,
): Promise<Adjustment[]> {
  const inject = async (encoded: readonly object[]) => {
    const params = { threadId, items: encoded as readonly JsonValue[] as JsonValue[] };
    await server.connection.request('thread/inject_items', params);
  };
  if (imagesOf(items).length === 0) {
    await inject(items.map((item) => encodeItem(item, toCodexName)));
    return [];
  }
  const named = items.map((item) => ({ item, id: createId('msg_') }));
  const leave = await server.decoding.acquire(signal);
  const echo = listenForEcho(server, threadId, new Set(named.map(({ id }) => id)));
  try {
    await inject(named.map(({ item, id }) => ({ ...encodeItem(item, toCodexName), id })));
    const echoed = await abortable(orSilence(echo.items, ECHO_PATIENCE), signal);
    if (echoed === 'silence') {
      throw new GatewayError('internal_error', 'Codex did not tell what became of the images.');
    }
    return named.flatMap(({ item, id }) => compareImages(item, echoed.get(id)!));
  } finally {
    echo.stop();
    leave();
  }
}

/** Collects the echo of the items with the given ids; Codex may put items of its own between them. */
function listenForEcho({ notifications }: AppServer, threadId: string, ids: ReadonlySet<string>) {
  const { promise, resolve, reject } = Promise.withResolvers<ReadonlyMap<string, ResponseItem>>();
  // The request fails as well when the app-server ends, and is heard first.
  promise.catch(() => {});
  const echoed = new Map<string, ResponseItem>();
  const stop = notifications.listen(threadId, {
    onNotification({ method, params }) {
      if (method !== 'rawResponseItem/completed') return;
      const { item } = params;
      if (!('id' in item) || typeof item.id !== 'string' || !ids.has(item.id)) return;
      echoed.set(item.id, item);
      if (echoed.size === ids.size) resolve(echoed);
    },
    onClose: () => reject(codexEnded()),
  });
  return { items: promise, stop };
}
