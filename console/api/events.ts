import { createParser } from 'eventsource-parser';
import { signal } from '@preact/signals';
import type { ConsoleEventName, ConsoleEvents } from '../../src/console/contract/events.ts';
import { sendRequest } from './request.ts';

/** State of the connection by which the page hears what happens. */
export const connection = signal<'connecting' | 'open' | 'lost'>('connecting');

type Listener<Name extends ConsoleEventName> = (data: ConsoleEvents[Name]) => void;

const listeners = new Map<ConsoleEventName, Set<Listener<never>>>();

/** Calls `listener` for each event of a name; returns a function that ends that. */
export function onEvent<Name extends ConsoleEventName>(name: Name, listener: Listener<Name>): () => void {
  const all = listeners.get(name) ?? new Set();
  listeners.set(name, all);
  all.add(listener);
  return () => void all.delete(listener);
}

function emit(name: ConsoleEventName, data: unknown): void {
  for (const listen of listeners.get(name) ?? []) listen(data as never);
}

/** Id of the session whose events come as well; '' for none. */
let followed = '';
/** The place in the events of that session from which the stream is taken up. */
let sessionPlace = '';
let restarting = new AbortController();

/** Lets the events of a session come, from the first that is kept; returns a function that ends that. */
export function followSession(id: string): () => void {
  choose(id);
  return () => {
    if (followed === id) choose('');
  };
}

function choose(id: string): void {
  followed = id;
  sessionPlace = '';
  restarting.abort();
}

/** Longest pause between two attempts to connect again. */
const MAX_PAUSE_MS = 10_000;

/** Longest silence of a gateway that is there: it sends something every 15 seconds. After a sleep of the machine, silence is the only sign of a loss. */
const MAX_SILENCE_MS = 40_000;

/** Reads the stream of events until the signal aborts, and connects again whenever it breaks off. */
export async function followEvents(stop: AbortSignal): Promise<void> {
  let hubPlace = '';
  let pauseMs = 500;
  while (!stop.aborted) {
    restarting = new AbortController();
    const restart = restarting.signal;
    try {
      const place = `${hubPlace}/${sessionPlace}`;
      const response = await sendRequest(`console/events${followed === '' ? '' : `?session=${followed}`}`, {
        signal: AbortSignal.any([stop, restart]),
        ...(place !== '/' && { headers: { 'last-event-id': place } }),
      });
      // Without a place to go on from, anything may have been missed.
      if (connection.value === 'lost' && hubPlace === '') emit('resync', {});
      connection.value = 'open';
      pauseMs = 500;
      await readEvents(response, (id) => {
        if (!restart.aborted) [hubPlace = '', sessionPlace = ''] = id.split('/');
      });
    } catch {
      // Whatever broke it, the next attempt shows if it lasts.
    }
    if (stop.aborted) return;
    if (restart.aborted) continue;
    connection.value = 'lost';
    await pause(pauseMs);
    pauseMs = Math.min(pauseMs * 2, MAX_PAUSE_MS);
  }
}

/** Waits, but no longer than until the machine is online again, or somebody comes back to the page. */
async function pause(ms: number): Promise<void> {
  const over = Promise.withResolvers<void>();
  const stopLooking = onReturn(over.resolve);
  const timer = setTimeout(over.resolve, ms);
  await over.promise;
  clearTimeout(timer);
  stopLooking();
}

/** Calls `listener` when the machine is online again, or somebody comes back to the page; returns a function that ends that. */
function onReturn(listener: () => void): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  addEventListener('online', listener, { signal });
  document.addEventListener('visibilitychange', listener, { signal });
  return () => stop.abort();
}

async function readEvents(response: Response, onId: (id: string) => void): Promise<void> {
  const parser = createParser({
    onEvent({ id, event, data }) {
      if (id !== undefined) onId(id);
      emit(event as ConsoleEventName, JSON.parse(data));
    },
  });
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let heardAt = Date.now();
  // Timers stand still while the machine sleeps, and its clock does not.
  const stopLooking = onReturn(() => {
    if (Date.now() - heardAt > MAX_SILENCE_MS) void reader.cancel();
  });
  try {
    for (;;) {
      const silence = setTimeout(() => void reader.cancel(), MAX_SILENCE_MS);
      const { done, value } = await reader.read().finally(() => clearTimeout(silence));
      if (done) return;
      heardAt = Date.now();
      parser.feed(value);
    }
  } finally {
    stopLooking();
  }
}
