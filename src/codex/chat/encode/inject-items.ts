import type { JsonValue } from '../../../../generated/serde_json/JsonValue.js';
import type { ResponseItem } from '../../../../generated/ResponseItem.js';
import { abortable } from '../../../base/async/abort.ts';
import { GatewayError } from '../../../base/errors.ts';
import { createId } from '../../../base/ids.ts';
import { createPace } from '../../../base/async/pace.ts';
import type { JsonObject } from '../../../base/json.ts';
import type { Adjustment } from '../../../conversation/adjustment.ts';
import { imagesOf, type Item } from '../../../conversation/item.ts';
import type { AppServer } from '../../process/app-server.ts';
import { codexEnded } from '../../protocol/decode-rpc-error.ts';
import { encodeItem, encodeNativeTools } from './encode-item.ts';
import { compareImages } from './image-echo.ts';
import { runQueued, type Caller } from '../../protocol/intake.ts';

export interface InjectTarget {
  readonly server: AppServer;
  readonly threadId: string;
  /** As the thread knows a tool. */
  toCodexName(name: string): string;
  /** In the provider's own form; they stand before the conversation. */
  readonly tools?: readonly JsonObject[] | undefined;
}

/**
 * `thread/inject_items`: adds to what the model will see. The app-server decodes images, and what it puts in their place
 * shows in its echo alone; so this waits for the echo of every item with an image, and no other request has images decoded
 * meanwhile: one may cost hundreds of megabytes, and all that is echoed waits on one pipe.
 */
export async function injectItems(
  { server, threadId, toCodexName, tools = [] }: InjectTarget,
  items: readonly Item[],
  caller: Caller,
): Promise<Adjustment[]> {
  const { signal } = caller;
  const inject = async (encoded: readonly object[]) => {
    const all = tools.length > 0 ? [encodeNativeTools(tools), ...encoded] : encoded;
    const params = { threadId, items: all as readonly JsonValue[] as JsonValue[] };
    await server.connection.request('thread/inject_items', params, { signal });
  };
  const pace = createPace();
  const named: Named[] = [];
  for (const item of items) {
    named.push(nameItem(item, encodeItem(item, toCodexName)));
    if (named.length % 64 === 0) await pace();
  }
  const shown = new Map(named.flatMap(({ id, item }) => (id === undefined ? [] : [[id, item]])));
  const encoded = named.map((one) => one.encoded);
  if (shown.size === 0) {
    await inject(encoded);
    return [];
  }
  return await runQueued(server.decoding, caller, async () => {
    const echo = listenForEcho(server, threadId, new Set(shown.keys()));
    try {
      await inject(encoded);
      const echoed = await abortable(server.whileAlive(echo.items), signal);
      if (echoed === 'timeout') {
        throw new GatewayError('internal_error', 'Codex did not report what became of the images.');
      }
      const compared = [...shown].map(async ([id, item]) => await compareImages(item, echoed.get(id)!, pace));
      return (await Promise.all(compared)).flat();
    } finally {
      echo.stop();
    }
  });
}

interface Named {
  readonly item: Item;
  readonly encoded: ResponseItem;
  /** By which the echo is known; undefined for an item without images, which is echoed to nobody. */
  readonly id?: string;
}

/** As the ids of such items begin: providers look at it. */
const PREFIXES: Readonly<Record<string, string>> = {
  message: 'msg_',
  function_call_output: 'fco_',
  custom_tool_call_output: 'ctco_',
};

function nameItem(item: Item, encoded: ResponseItem): Named {
  const prefix = imagesOf([item]).length > 0 ? PREFIXES[encoded.type] : undefined;
  if (prefix === undefined) return { item, encoded };
  const id = createId(prefix);
  return { item, encoded: { ...encoded, id } as ResponseItem, id };
}

/** Collects the echo of the items with the given ids; Codex may put items of its own between them. */
function listenForEcho({ notifications }: AppServer, threadId: string, ids: ReadonlySet<string>) {
  const { promise, resolve, reject } = Promise.withResolvers<ReadonlyMap<string, ResponseItem>>();
  // The request fails as well when the app-server ends, and is heard first.
  promise.catch(() => {});
  const echoed = new Map<string, ResponseItem>();
  const stop = notifications.listen(threadId, {
    hearsEcho: true,
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
