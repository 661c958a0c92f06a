import type { JsonValue } from '../../../generated/serde_json/JsonValue.js';
import type { ResponseItem } from '../../../generated/ResponseItem.js';
import { abortable } from '../../base/async/abort.ts';
import { createPace, type Pace } from '../../base/async/pace.ts';
import { GatewayError } from '../../base/errors.ts';
import { createId } from '../../base/ids.ts';
import type { JsonObject } from '../../base/json.ts';
import type { Adjustment } from '../../conversation/turn-event.ts';
import { imagesOf, type Item } from '../../conversation/item.ts';
import { appServerEnded } from '../protocol/rpc-error.ts';
import { encodeItem, encodePassthroughTools } from './encode/encode-item.ts';
import { compareImages } from './image-echo.ts';
import type { TurnCaller } from './continuation/thread-interface.ts';
import { runQueued } from './profile/intake.ts';
import type { BareAppServer } from './profile/profile.ts';

export interface InjectTarget {
  readonly server: BareAppServer;
  readonly threadId: string;
  /** Returns the thread's name of a tool. */
  toCodexName(name: string): string;
  /** Passthrough tools, which are sent before the conversation. */
  readonly tools?: readonly JsonObject[] | undefined;
}

/**
 * Adds items to the prompt of a thread, and resolves to what was changed in them. Calls `onSent` once the request is on its
 * way, if Codex cannot refuse any of the items: what is sent then need not wait for the answer. Codex answers the requests of
 * one thread in their order.
 *
 *     without images   encode all items ── thread/inject_items ──> answer
 *
 *     with images      encode all items, with an id for each that has an image
 *                      wait until no other request has images decoded
 *                      listen for the echo ── thread/inject_items ──> answer
 *                      <── rawResponseItem/completed, one for each item with an image
 *                      compare each echo with its item
 *
 * The app-server decodes images, and only its echo shows what it made of them. Only one request at a time has images
 * decoded, because a single image may cost hundreds of megabytes and all echoes share one pipe.
 */
export async function injectItems(
  target: InjectTarget,
  items: readonly Item[],
  caller: TurnCaller,
  onSent?: () => void,
): Promise<Adjustment[]> {
  const pace = createPace();
  const encoded = await encodeItems(items, target, pace);
  const withImages = new Map(encoded.flatMap(({ id, item }) => (id === undefined ? [] : [[id, item]])));
  const raw = encoded.map((one) => one.raw);
  if (withImages.size === 0) {
    const injected = inject(target, raw, caller.signal);
    if (isSurelyTaken(target, items)) onSent?.();
    await injected;
    return [];
  }
  return await runQueued(target.server.state.decoding, caller, async () => {
    const echoed = await injectAndListen(target, raw, {
      ids: new Set(withImages.keys()),
      signal: caller.signal,
    });
    const compared = [...withImages].map(
      async ([id, item]) => await compareImages(item, echoed.get(id)!, pace),
    );
    return (await Promise.all(compared)).flat();
  });
}

/**
 * Returns true if Codex cannot refuse the items, nor leave the request without an answer: the turn would run without the
 * conversation. An item in the provider's own form may be of an unknown kind, or nested too deeply.
 */
function isSurelyTaken({ tools }: InjectTarget, items: readonly Item[]): boolean {
  return tools === undefined && items.length > 0 && items.every(({ type }) => type !== 'passthrough');
}

interface EncodedItem {
  readonly item: Item;
  readonly raw: ResponseItem;
  /** Id that identifies the echo; undefined for an item without images, whose echo nobody reads. */
  readonly id?: string;
}

async function encodeItems(
  items: readonly Item[],
  { toCodexName }: InjectTarget,
  pace: Pace,
): Promise<EncodedItem[]> {
  const encoded: EncodedItem[] = [];
  for (const item of items) {
    encoded.push(withEchoId(item, encodeItem(item, toCodexName)));
    if (encoded.length % 64 === 0) await pace();
  }
  return encoded;
}

/** Prefixes of the ids that providers accept for these items. */
const ID_PREFIXES: Readonly<Record<string, string>> = {
  message: 'msg_',
  function_call_output: 'fco_',
  custom_tool_call_output: 'ctco_',
};

function withEchoId(item: Item, raw: ResponseItem): EncodedItem {
  const prefix = imagesOf([item]).length > 0 ? ID_PREFIXES[raw.type] : undefined;
  if (prefix === undefined) return { item, raw };
  const id = createId(prefix);
  return { item, raw: { ...raw, id } as ResponseItem, id };
}

async function inject(
  { server, threadId, tools = [] }: InjectTarget,
  raw: readonly ResponseItem[],
  signal: AbortSignal,
): Promise<void> {
  const all = tools.length > 0 ? [encodePassthroughTools(tools), ...raw] : raw;
  const params = { threadId, items: all as readonly object[] as JsonValue[] };
  await server.connection.request('thread/inject_items', params, { signal });
}

/** Adds the items and resolves to the echoes of those with the given ids. */
async function injectAndListen(
  target: InjectTarget,
  raw: readonly ResponseItem[],
  { ids, signal }: { readonly ids: ReadonlySet<string>; readonly signal: AbortSignal },
): Promise<ReadonlyMap<string, ResponseItem>> {
  const echo = listenForEcho(target.server, target.threadId, ids);
  try {
    await inject(target, raw, signal);
    const echoed = await abortable(target.server.whileAlive(echo.items), signal);
    if (echoed === 'timeout') {
      throw new GatewayError('internal_error', 'Codex did not report what became of the images.');
    }
    return echoed;
  } finally {
    echo.stop();
  }
}

/** Collects the echo of the items with the given ids; Codex may put its own items between them. */
function listenForEcho({ notifications, state }: BareAppServer, threadId: string, ids: ReadonlySet<string>) {
  const { promise, resolve, reject } = Promise.withResolvers<ReadonlyMap<string, ResponseItem>>();
  // When the app-server ends, the request fails first; nobody handles this rejection then.
  promise.catch(() => {});
  const echoed = new Map<string, ResponseItem>();
  const stopReading = state.echoLines.read(threadId);
  const stopListening = notifications.listen(threadId, {
    onNotifications(batch) {
      for (const { method, params } of batch) {
        if (method !== 'rawResponseItem/completed') continue;
        const item = params.item as (ResponseItem & { readonly id?: unknown }) | undefined;
        if (typeof item?.id === 'string' && ids.has(item.id)) echoed.set(item.id, item);
      }
      if (echoed.size === ids.size) resolve(echoed);
    },
    onClose: () => reject(appServerEnded('thread/inject_items')),
  });
  return {
    items: promise,
    stop() {
      stopReading();
      stopListening();
    },
  };
}
