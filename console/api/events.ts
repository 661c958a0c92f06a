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
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
    pauseMs = Math.min(pauseMs * 2, MAX_PAUSE_MS);
  }
}

async function readEvents(response: Response, onId: (id: string) => void): Promise<void> {
  const parser = createParser({
    onEvent({ id, event, data }) {
      if (id !== undefined) onId(id);
      for (const listen of listeners.get(event as ConsoleEventName) ?? []) listen(JSON.parse(data) as never);
    },
  });
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    parser.feed(value);
  }
}
