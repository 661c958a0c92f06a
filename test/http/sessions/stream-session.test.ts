import { request } from 'node:http';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { EVENT_TYPES, eventSchemas, type EventType } from '../../../src/sessions/events/session-event.ts';
import { followSession } from '../../support/follow-session.ts';
import { serveSessions, type ServeSessionsOptions } from '../../support/serve-sessions.ts';

const headers = { authorization: 'Bearer all' };
const PATIENT = { timeout: 10_000, interval: 5 };

/** Creates a session, and returns what its turns and streams need. */
async function openSession(options: ServeSessionsOptions = {}) {
  const served = await serveSessions(options);
  const { id } = await served.create();
  const path = `/chat/sessions/${id}`;
  const { ask, engine, origin } = served;
  return {
    ...served,
    path,
    log: (await served.sessions.find(id, 'id-of-all')).events,
    follow: (query = '', more = {}) =>
      followSession(`${origin}${path}/stream${query}`, { ...headers, ...more }),
    /** Sends a message; resolves once its turn runs. */
    async begin(message = 'hello') {
      const turns = engine.threads.at(-1)?.turns.length ?? 0;
      await ask(`${path}/messages`, { body: { message } });
      await expect.poll(() => engine.threads.at(-1)?.turns.length ?? 0, PATIENT).toBe(turns + 1);
      return engine.thread;
    },
  };
}

/** Returns what an event has that its schema does not allow. */
function faultsOf(type: EventType, event: unknown): unknown[] {
  const schema = eventSchemas[type].unwrap() as unknown as z.ZodObject;
  return schema.strict().safeParse(event).error?.issues ?? [];
}

function say(text: string) {
  return { type: 'text-delta', turnId: '', itemId: 'm1', text } as const;
}

describe('the stream of snapshots', () => {
  it('tells of a turn by the names and in the order of the original bridge, each with the whole session', async () => {
    const { follow, begin } = await openSession();
    const stream = await follow();
    expect(stream.response.headers.get('content-type')).toMatch(/^text\/event-stream/);
    await stream.until('session.ready');
    const thread = await begin('Create a hero section.');
    await stream.until('session.running');
    thread.send(say('Working'));
    const { session: shown } = (await stream.until('session.event')) as { session: Record<string, unknown> };
    expect(shown).toMatchObject({
      status: 'running',
      running: true,
      messages: [{ role: 'user', text: 'Create a hero section.' }],
    });
    thread.finish('Done.');
    const { session } = (await stream.until('session.completed')) as { session: Record<string, unknown> };
    expect(session).toMatchObject({
      status: 'idle',
      running: false,
      assistant_draft: '',
      messages: [{ role: 'user' }, { role: 'assistant', text: 'Done.' }],
    });
    const names = stream.names().filter((name, index, all) => name !== all[index - 1]);
    expect(names.filter((name) => name !== 'session.updated')).toEqual([
      'session.ready',
      'session.running',
      'session.event',
      'session.message',
      'session.completed',
    ]);
    expect(stream.events.every(({ id }) => id === undefined)).toBe(true);
  });

  it('says that a turn waits for its place', async () => {
    const { begin, create, ask, origin } = await openSession({ maxConcurrentTurns: 1 });
    const thread = await begin();
    const { id } = await create();
    const waiting = await followSession(`${origin}/chat/sessions/${id}/stream`, headers);
    await waiting.until('session.ready');
    await ask(`/chat/sessions/${id}/messages`, { body: { message: 'second' } });
    expect(await waiting.until('session.queued')).toMatchObject({ session: { queue_position: 1 } });
    expect(waiting.names()).not.toContain('session.running');
    thread.finish();
    await waiting.until('session.running');
  });

  it('says that a turn has failed', async () => {
    const { follow, begin } = await openSession();
    const stream = await follow();
    const thread = await begin();
    thread.listener.onGone();
    expect(await stream.until('session.error')).toMatchObject({ session: { status: 'error' } });
  });

  it('has at most ten snapshots a second, however many events there are', async () => {
    const { follow, begin } = await openSession();
    const stream = await follow();
    const thread = await begin();
    await stream.until('session.running');
    const began = performance.now();
    for (let round = 0; round < 60; round += 1) {
      for (let count = 0; count < 50; count += 1) thread.send(say('word '));
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    thread.finish();
    await stream.until('session.completed');
    const seconds = Math.ceil((performance.now() - began) / 1_000);
    expect(stream.events.length).toBeLessThanOrEqual(10 * (seconds + 1));
    expect(stream.names()).toContain('session.event');
  });

  it('shows the last 256 kB of a draft, and how much is left out', async () => {
    const { ask, path, begin } = await openSession();
    const thread = await begin();
    for (let count = 0; count < 100; count += 1) thread.send(say('0123456789'.repeat(1_000)));
    const { session } = (await ask(path)).body;
    expect(session.assistant_draft.length).toBe(256 * 1024);
    expect(session.assistant_draft_left_out).toBe(1_000_000 - 256 * 1024);
    thread.finish();
  });
});

describe('the stream of events', () => {
  it('has each event under its type, with an id that rises, in the form of its schema', async () => {
    const { follow, begin } = await openSession();
    const stream = await follow('?events=delta');
    const thread = await begin();
    thread.send(say('Hel'), say('lo'));
    thread.finish('Hello');
    await stream.until('turn.completed');
    await expect
      .poll(() => stream.events.map(({ data }) => JSON.parse(data)), PATIENT)
      .toContainEqual(expect.objectContaining({ type: 'session.updated', status: 'idle' }));
    const ids = stream.events.map(({ id }) => Number(id));
    expect(ids).toEqual([...new Set(ids)].toSorted((one, other) => one - other));
    for (const { event, id, data } of stream.events) {
      const parsed = JSON.parse(data);
      expect(EVENT_TYPES).toContain(event);
      expect(parsed).toMatchObject({ type: event, id: Number(id) });
      expect(faultsOf(event as EventType, parsed)).toEqual([]);
    }
    const deltas = stream.events.filter(({ event }) => event === 'item.agent_message.delta');
    expect(deltas.map(({ data }) => JSON.parse(data).delta).join('')).toBe('Hello');
  });

  it('begins with the next event, or after the one that a client names', async () => {
    const { follow, log } = await openSession();
    log.add('turn.started', { turn_id: 'one' });
    const before = log.lastId;
    log.add('turn.started', { turn_id: 'two' });
    const fresh = await follow('?events=delta');
    const resumed = await follow('?events=delta', { 'last-event-id': String(before) });
    const asked = await follow(`?events=delta&last_event_id=${before}`);
    log.add('turn.started', { turn_id: 'three' });
    const turnsOf = (stream: typeof fresh) => stream.events.map(({ data }) => JSON.parse(data).turn_id);
    await expect.poll(() => turnsOf(fresh), PATIENT).toEqual(['three']);
    await expect.poll(() => turnsOf(resumed), PATIENT).toEqual(['two', 'three']);
    await expect.poll(() => turnsOf(asked), PATIENT).toEqual(['two', 'three']);
  });

  it('loses nothing and repeats nothing for a client whose connection drops again and again', async () => {
    const { follow, log } = await openSession();
    const first = log.lastId;
    const seen: number[] = [];
    let last = first;
    for (let round = 0; round < 8; round += 1) {
      const stream = await follow('?events=delta', { 'last-event-id': String(last) });
      for (let count = 0; count < 150; count += 1)
        log.add('item.agent_message.delta', { turn_id: 't', item_id: 'i', delta: `${round}.${count}` });
      await expect.poll(() => stream.events.length, PATIENT).toBeGreaterThan(round * 10);
      stream.drop();
      seen.push(...stream.events.map(({ id }) => Number(id)));
      last = seen.at(-1) ?? last;
    }
    const stream = await follow('?events=delta', { 'last-event-id': String(last) });
    await expect.poll(() => Number(stream.events.at(-1)?.id ?? last), PATIENT).toBe(log.lastId);
    seen.push(...stream.events.map(({ id }) => Number(id)));
    expect(seen).toEqual(Array.from({ length: log.lastId - first }, (_, place) => first + 1 + place));
  });

  it('begins with resync if events before are no longer kept, or the id is not of this session', async () => {
    const { follow, log } = await openSession();
    const first = log.lastId;
    for (let count = 0; count < 3_000; count += 1)
      log.add('item.agent_message.delta', { turn_id: 't', item_id: 'i', delta: 'x' });
    await log.flush();
    const stream = await follow('?events=delta', { 'last-event-id': String(first) });
    await expect.poll(() => Number(stream.events.at(-1)?.id), PATIENT).toBe(log.lastId);
    expect(stream.names().filter((name) => name === 'resync')).toEqual(['resync']);
    expect(JSON.parse(stream.events[0]!.data)).toMatchObject({ type: 'resync', reason: 'events_gone' });
    expect(Number(stream.events[1]!.id)).toBe(Number(stream.events[0]!.id) + 1);
    for (const id of [String(log.lastId + 1), 'something', '-1']) {
      const unknown = await follow('?events=delta', { 'last-event-id': id });
      expect(await unknown.until('resync')).toMatchObject({ reason: 'unknown_id', id: log.lastId });
    }
  });

  it('cuts off a reader that does not read, with resync, and lets it go on where it was', async () => {
    const { follow, log, origin, path } = await openSession();
    const slow = request(`${origin}${path}/stream?events=delta`, { headers }).end();
    const [response] = await once(slow, 'response');
    response.pause();
    const text = 'x'.repeat(50_000);
    for (let count = 0; count < 400; count += 1) {
      log.add('item.agent_message.delta', { turn_id: 't', item_id: 'i', delta: text });
      await new Promise(setImmediate);
    }
    expect(log.isFollowed).toBe(false);
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk);
    const received = Buffer.concat(chunks).toString();
    const frames = received.trimEnd().split('\n\n');
    const ids = frames.map((frame) => Number(/^id: (\d+)$/m.exec(frame)?.[1]));
    expect(frames.at(-1)).toContain('event: resync');
    expect(frames.at(-1)).toContain('"reason":"too_slow"');
    expect(frames.length).toBeLessThan(400);
    expect(ids.at(-1)).toBe(ids.at(-2));
    const again = await follow('?events=delta', { 'last-event-id': String(ids.at(-1)) });
    await expect.poll(() => Number(again.events.at(-1)?.id), PATIENT).toBe(log.lastId);
    expect(Number(again.events[0]!.id)).toBe(ids.at(-1)! + 1);
  });
});

describe.each(['', '?events=delta'])('the stream with %j', (query) => {
  it('ends when the session is deleted, and when the gateway stops', async () => {
    const { follow, ask, path, create, origin, sessions } = await openSession();
    const stream = await follow(query);
    expect((await ask(path, { method: 'DELETE' })).status).toBe(204);
    await stream.ended;
    const { id } = await create();
    const other = await followSession(`${origin}/chat/sessions/${id}/stream${query}`, headers);
    sessions.drain();
    await other.ended;
  });

  it('shows that it is alive, and stops to follow a session once its client is gone', async () => {
    const { follow, log } = await openSession({ commentMs: 20 });
    const stream = await follow(query);
    await expect.poll(() => stream.comments.length, PATIENT).toBeGreaterThan(2);
    expect(stream.comments[0]).toBe('keepalive');
    stream.drop();
    await expect.poll(() => log.isFollowed, PATIENT).toBe(false);
  });

  it('is hidden from other callers', async () => {
    const { ask, path } = await openSession();
    expect((await ask(`${path}/stream${query}`, { token: 'other' })).status).toBe(404);
  });
});
