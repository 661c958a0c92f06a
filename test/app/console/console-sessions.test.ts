import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createConsoleSessions } from '../../../src/app/console/console-sessions.ts';
import { sessionChangeSchema, sessionSetupSchema } from '../../../src/console/contract/sessions.ts';
import type { SessionInView } from '../../../src/console/sessions/console-sessions.ts';
import type { SessionService } from '../../../src/http/sessions/session-service.ts';
import { serveSessions } from '../../support/serve-sessions.ts';

const models = { list: async () => [] };
const settings = { sessions: { approvalTimeout: 600 } } as Parameters<
  typeof createConsoleSessions
>[0]['settings'];

async function serve() {
  const served = await serveSessions();
  const { sessions, root } = served;
  const service = { sessions, rootFolders: [root] } as unknown as SessionService;
  const shown = createConsoleSessions({ service, models, settings });
  /** Follows the sessions of an owner until the test ends it; returns what has come so far. */
  function follow(owner: string, inView?: SessionInView) {
    const ending = new AbortController();
    const frames: {
      readonly event: string;
      readonly place?: string;
      readonly data: Record<string, unknown>;
    }[] = [];
    const ended = (async () => {
      for await (const batch of shown.follow(owner, inView, ending.signal))
        frames.push(...batch.map((frame) => ({ ...frame, data: JSON.parse(frame.data) })));
    })();
    return {
      frames,
      of: (event: string) => frames.filter((frame) => frame.event === event),
      end: async () => {
        ending.abort();
        await ended;
      },
    };
  }
  const ownerOf = (id: string) => sessions.inMemory().find((session) => session.id === id)!.choices.owner;
  return { ...served, shown, follow, ownerOf };
}

it('a browser hears of the sessions of its owner alone, when they change and when they are deleted', async () => {
  const { ask, create, follow, ownerOf } = await serve();
  const own = await create();
  const { body } = await ask('/chat/sessions', { body: {}, token: 'other' });
  const heard = follow(ownerOf(own.id));
  await ask(`/chat/sessions/${body.session.id}/messages`, { body: { message: 'Secret' }, token: 'other' });
  await ask(`/chat/sessions/${own.id}/messages`, { body: { message: 'Hello' } });
  await expect
    .poll(() => heard.of('session').at(-1)?.data)
    .toMatchObject({ status: 'running', title: 'Hello' });
  await ask(`/chat/sessions/${body.session.id}`, { method: 'DELETE', token: 'other' });
  await ask(`/chat/sessions/${own.id}`, { method: 'DELETE' });
  await expect.poll(() => heard.of('session_removed').length).toBe(1);
  await heard.end();
  expect(new Set(heard.frames.map(({ data }) => data.id))).toEqual(new Set([own.id]));
  for (const { data } of heard.of('session')) expect(sessionChangeSchema.parse(data)).toEqual(data);
});

it('a browser that connects anew hears first of the sessions that work', async () => {
  const { ask, create, follow, ownerOf } = await serve();
  const [working] = [await create(), await create()];
  await ask(`/chat/sessions/${working.id}/messages`, { body: { message: 'Hello' } });
  const heard = follow(ownerOf(working.id));
  await expect.poll(() => heard.frames.length).toBeGreaterThan(0);
  await heard.end();
  expect(heard.of('session').map(({ data }) => data.id)).toEqual([working.id]);
});

it('the events of the session in view come from the first or from a place, and never those of another owner', async () => {
  const { ask, create, follow, ownerOf, engine } = await serve();
  const { id } = await create();
  const owner = ownerOf(id);
  await ask(`/chat/sessions/${id}/messages`, { body: { message: 'Hello' } });
  await expect.poll(() => engine.threads.length).toBe(1);
  const all = follow(owner, { id, lastEventId: undefined });
  const strange = follow('nobody', { id, lastEventId: undefined });
  await expect.poll(() => all.of('session_event').length).toBeGreaterThan(2);
  const [first, second] = all.of('session_event');
  expect(first!.data).toMatchObject({
    session: id,
    event: { type: 'message.added', id: Number(first!.place) },
  });
  const later = follow(owner, { id, lastEventId: Number(first!.place) });
  await expect.poll(() => later.of('session_event')[0]).toEqual(second);
  await Promise.all([all.end(), later.end(), strange.end()]);
  expect(strange.frames).toEqual([]);
});

it('a session can start in each root and in the folders in it, without hidden ones', async () => {
  const { shown, root } = await serve();
  mkdirSync(join(root, '.hidden'));
  const setup = await shown.setup(new AbortController().signal);
  expect(sessionSetupSchema.parse(setup)).toEqual(setup);
  expect(setup).toMatchObject({ is_on: true, roots: [root], folders: [root, join(root, 'site')] });
});

it('without a folder for sessions, the console says so and waits for nothing', async () => {
  const off = createConsoleSessions({ service: undefined, models, settings });
  expect(await off.setup(new AbortController().signal)).toMatchObject({
    is_on: false,
    folders: [],
    models: [],
  });
  const ending = new AbortController();
  const first = off.follow('main', undefined, ending.signal).next();
  ending.abort();
  expect(await first).toEqual({ done: true, value: undefined });
});
