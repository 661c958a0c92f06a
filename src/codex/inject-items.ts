import type { JsonValue } from '../../generated/serde_json/JsonValue.js';
import type { ResponseItem } from '../../generated/ResponseItem.js';
import { abortable } from '../base/abort.ts';
import { GatewayError } from '../base/errors.ts';
import { orSilence } from '../base/or-silence.ts';
import type { Adjustment } from '../conversation/adjustment.ts';
import { imagesOf, type Item } from '../conversation/item.ts';
import type { AppServer } from './app-server.ts';
import { codexEnded } from './decode-rpc-error.ts';
import { encodeItem } from './encode-item.ts';
import { compareImages } from './image-echo.ts';

/** Pixels that a request may bring beside others: a screen or two. Decoding more takes its time and some ten bytes each. */
const LIGHT = 4_000_000;

/** Milliseconds for the last echo after the reply. */
const ECHO_PATIENCE = 15_000;

/**
 * `thread/inject_items`: adds to what the model will see. The app-server decodes images, and what it puts in their place
 * shows in its echo alone; so where there are images, this waits for the echo of every item.
 */
export async function injectItems(
  server: AppServer,
  threadId: string,
  items: readonly Item[],
  signal: AbortSignal,
): Promise<Adjustment[]> {
  const inject = () =>
    server.connection.request('thread/inject_items', {
      threadId,
      items: items.map(encodeItem) as JsonValue[],
    });
  const images = imagesOf(items);
  if (images.length === 0) {
    await inject();
    return [];
  }
  const pixels = images.reduce((sum, image) => sum + (image.pixels ?? 0), 0);
  const leave = pixels > LIGHT ? await server.decoding.acquire(signal) : () => {};
  const echo = listenForEcho(server, threadId, items.length);
  try {
    await inject();
    const echoed = await abortable(orSilence(echo.items, ECHO_PATIENCE), signal);
    if (echoed !== 'silence') return compareImages(items, echoed);
    throw new GatewayError('internal_error', 'Codex did not tell what became of the images.');
  } finally {
    echo.stop();
    leave();
  }
}

function listenForEcho({ notifications }: AppServer, threadId: string, count: number) {
  const { promise, resolve, reject } = Promise.withResolvers<readonly ResponseItem[]>();
  // The request fails as well when the app-server ends, and is heard first.
  promise.catch(() => {});
  const echoed: ResponseItem[] = [];
  const stop = notifications.listen(threadId, {
    onNotification({ method, params }) {
      if (method !== 'rawResponseItem/completed') return;
      echoed.push(params.item);
      if (echoed.length === count) resolve(echoed);
    },
    onClose: () => reject(codexEnded()),
  });
  return { items: promise, stop };
}
