import { expect, it } from 'vitest';
import type { Overview } from '../../../src/console/contract/overview.ts';
import type { LiveEvent } from '../../../src/console/live/live-event.ts';
import { createLiveEvents, type LiveEvents } from '../../../src/console/live/live-events.ts';

const NEVER = new AbortController().signal;

/** Opens a stream that is read from now on. */
function follow(live: LiveEvents, lastId?: string) {
  const stream = live.follow(lastId, NEVER);
  let next = stream.next();
  return {
    async take(): Promise<LiveEvent[]> {
      const { value } = await next;
      next = stream.next();
      return [...(value ?? [])];
    },
  };
}

const change = (requests: number) => ({
  hour: [],
  day: [
    {
      at: requests,
      requests,
      errors: 0,
      input_tokens: 0,
      output_tokens: 0,
      running: 0,
      waiting: 0,
      first_token: null,
    },
  ],
});

const namesOf = (events: readonly LiveEvent[]) => events.map(({ event }) => event);

it('all who follow hear of an event, and those who come back with its id hear of those after it', async () => {
  const live = createLiveEvents();
  const readers = [follow(live), follow(live)];
  live.publish('traffic', change(1));
  live.publish('traffic', change(2));
  const [first, second] = await Promise.all(readers.map((reader) => reader.take()));
  expect(second).toEqual(first);
  expect(first!.map(({ data }) => JSON.parse(data))).toEqual([change(1), change(2)]);
  expect(await follow(live, first![0]!.id).take()).toEqual([first![1]]);
});

it('events of the time in which nobody follows are replaced by `resync`', async () => {
  let now = 0;
  const live = createLiveEvents(() => now);
  const stream = live.follow(undefined, NEVER);
  const taken = stream.next();
  live.publish('traffic', change(1));
  const [{ id }] = (await taken).value!;
  await stream.return(undefined);
  live.publish('traffic', change(2));
  expect(namesOf(await follow(live, id).take())).toEqual(['traffic']);

  const other = createLiveEvents(() => now);
  const left = other.follow(undefined, NEVER);
  const ended = left.next();
  other.publish('traffic', change(1));
  const [{ id: before }] = (await ended).value!;
  await left.return(undefined);
  now = 60_000;
  expect(other.isFollowed).toBe(false);
  other.publish('traffic', change(2));
  expect(namesOf(await follow(other, before).take())).toEqual(['resync']);
});

it.each(['0-1', 'nonsense', 'other-999999'])(
  'the id %s, which this process has not given, means `resync`',
  async (id) => {
    const live = createLiveEvents();
    expect(namesOf(await follow(live, id).take())).toEqual(['resync']);
  },
);

it('a slow reader gets `resync` in place of more than a thousand events', async () => {
  const live = createLiveEvents();
  const stream = live.follow(undefined, NEVER);
  const first = stream.next();
  live.publish('traffic', change(0));
  await first;
  for (let count = 1; count <= 1_002; count += 1) live.publish('traffic', change(count));
  const { value } = await stream.next();
  expect(namesOf(value ?? [])).toEqual(['resync', 'traffic']);
});

it('of several states that wait for a reader or are missed, only the latest is sent', async () => {
  const live = createLiveEvents();
  const stream = live.follow(undefined, NEVER);
  const first = stream.next();
  live.publish('traffic', change(0));
  const [{ id }] = (await first).value!;
  for (let running = 1; running <= 3; running += 1) {
    live.publish('overview', { turns: { running, waiting: 0 } } as Overview);
  }
  const { value: batch = [] }: { value?: readonly LiveEvent[] } = await stream.next();
  expect(batch.map(({ data }) => JSON.parse(data))).toEqual([{ turns: { running: 3, waiting: 0 } }]);
  expect(await follow(live, id).take()).toEqual(batch);
});

it('all streams end when the gateway stops, and no further one begins', async () => {
  const live = createLiveEvents();
  const stream = live.follow(undefined, NEVER);
  const next = stream.next();
  live.close();
  expect(await next).toEqual({ done: true, value: undefined });
  expect(await live.follow(undefined, NEVER).next()).toMatchObject({ done: true });
});
