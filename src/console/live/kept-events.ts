import type { ConsoleEventName } from '../contract/events.ts';
import type { LiveEvent } from './live-event.ts';

/** The latest events, for those who come back after a lost connection. */
export interface KeptEvents {
  add(place: number, event: LiveEvent): void;
  /** Forgets everything up to a place. */
  forget(place: number): void;
  /** Returns the events after a place; undefined if some of them are no longer kept, or the place is none. */
  after(place: number, latest: number): readonly LiveEvent[] | undefined;
}

/** Maximum number of events that are kept, and of the characters of their JSON. */
const MAX_EVENTS = 1_000;
const MAX_CHARACTERS = 2 * 1024 * 1024;

/** Events with the whole state, so that the latest one replaces those before. */
const WHOLE: ReadonlySet<ConsoleEventName> = new Set(['overview']);

/** Returns true for an event that replaces those before it with the same name. */
export function isWhole({ event }: LiveEvent): boolean {
  return WHOLE.has(event);
}

export function keepEvents(): KeptEvents {
  /** By place, oldest first. */
  const events = new Map<number, LiveEvent>();
  const places = new Map<ConsoleEventName, number>();
  let characters = 0;
  /** Events up to this place are not known any more. */
  let forgotten = 0;

  function remove(place: number): void {
    characters -= events.get(place)?.data.length ?? 0;
    events.delete(place);
  }

  return {
    add(place, event) {
      if (isWhole(event)) {
        remove(places.get(event.event) ?? 0);
        places.set(event.event, place);
      }
      events.set(place, event);
      characters += event.data.length;
      while (events.size > MAX_EVENTS || characters > MAX_CHARACTERS) {
        forgotten = events.keys().next().value!;
        remove(forgotten);
      }
    },
    forget(place) {
      events.clear();
      characters = 0;
      forgotten = place;
    },
    after(place, latest) {
      if (!(place >= forgotten && place <= latest)) return undefined;
      return [...events].filter(([own]) => own > place).map(([, event]) => event);
    },
  };
}
