import { expect, it } from 'vitest';
import type { Item } from '../../../src/conversation/item.ts';
import { createImageLoading } from '../../../src/gateway/turn/image-loading.ts';

const NEVER = new AbortController().signal;

/** The images that are fetched at once. */
const PLACES = 8;

const ITEMS: Item[] = [
  {
    type: 'message',
    role: 'user',
    parts: [{ type: 'image', url: 'http://x/', detail: 'auto', path: 'x' }],
    path: 'x',
  },
];

/** A request whose images are on their way down until `end` is called. */
function createRequest(create: ReturnType<typeof createImageLoading>) {
  const begun = Promise.withResolvers<void>();
  return { load: create(ITEMS, begun.promise), end: begun.resolve };
}

it('releases the place of a request that ends in the tick in which it gets the place', async () => {
  const create = createImageLoading({ load: async (items) => items });
  const holders = Array.from({ length: PLACES }, () => createRequest(create));
  for (const { load } of holders) await load(ITEMS, NEVER);
  for (const holder of holders) {
    const waiting = createRequest(create);
    const loaded = waiting.load(ITEMS, NEVER);
    holder.end();
    waiting.end();
    await loaded;
  }
  const next = createRequest(create);
  expect(await next.load(ITEMS, NEVER)).toEqual(ITEMS);
});

it('releases the places of requests whose images cannot be loaded', async () => {
  let failures = 0;
  const create = createImageLoading({
    async load(items) {
      failures += 1;
      if (failures <= PLACES) throw new Error('no image');
      return items;
    },
  });
  for (let request = 0; request < PLACES; request += 1)
    await expect(createRequest(create).load(ITEMS, NEVER)).rejects.toThrow('no image');
  expect(await createRequest(create).load(ITEMS, NEVER)).toEqual(ITEMS);
});

it('loads the images of a request once for all its turns', async () => {
  let loads = 0;
  const create = createImageLoading({
    async load(items) {
      loads += 1;
      return items;
    },
  });
  const { load } = createRequest(create);
  const further: Item = { type: 'message', role: 'user', parts: [], path: 'y' };
  await load(ITEMS, NEVER);
  expect(await load([...ITEMS, further], NEVER)).toEqual([...ITEMS, further]);
  expect(loads).toBe(1);
});

it('takes no place for a request whose images need not be fetched', async () => {
  const create = createImageLoading({ load: async (items) => items });
  for (let request = 0; request < PLACES; request += 1) await createRequest(create).load(ITEMS, NEVER);
  const inline: Item[] = [
    {
      type: 'message',
      role: 'user',
      parts: [{ type: 'image', url: 'data:,', detail: 'auto', path: 'x' }],
      path: 'x',
    },
  ];
  expect(await create(inline, Promise.resolve())(inline, NEVER)).toEqual(inline);
});

it('gives up the wait for a place when its signal aborts', async () => {
  const create = createImageLoading({ load: async (items) => items });
  for (let request = 0; request < PLACES; request += 1) await createRequest(create).load(ITEMS, NEVER);
  const controller = new AbortController();
  const waiting = createRequest(create).load(ITEMS, controller.signal);
  controller.abort(new Error('gone'));
  await expect(waiting).rejects.toThrow('gone');
});
