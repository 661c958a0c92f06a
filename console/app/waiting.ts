import { signal } from '@preact/signals';
import type { SessionChange } from '../../src/console/contract/sessions.ts';
import { connection, onEvent } from '../api/events.ts';
import { goTo, route } from './route.ts';

/** Sessions that wait for a decision, by id. */
export const waitingSessions = signal<ReadonlyMap<string, SessionChange>>(new Map());

/** Keeps `waitingSessions` as it is, and notifies of each that begins to wait; returns a function that ends that. */
export function followWaiting(): () => void {
  const notified = new Map<string, string>();
  const drop = (id: string) => {
    notified.delete(id);
    waitingSessions.value = new Map([...waitingSessions.value].filter(([other]) => other !== id));
  };
  const ends = [
    onEvent('session', (session) => {
      const { id, waiting } = session;
      if (waiting === null) {
        drop(id);
        return;
      }
      waitingSessions.value = new Map(waitingSessions.value).set(id, session);
      // It comes again with each new connection.
      if (notified.get(id) !== waiting) notify(session, waiting);
      notified.set(id, waiting);
    }),
    onEvent('session_removed', ({ id }) => drop(id)),
    // The first events of the next connection tell what waits then.
    connection.subscribe((state) => {
      if (state === 'lost') waitingSessions.value = new Map();
    }),
  ];
  return () => ends.forEach((end) => end());
}

/** State of the permission to show notifications of the desktop; they need a safe connection, or this machine itself. */
export const notifications = signal<'default' | 'denied' | 'granted'>(
  'Notification' in globalThis ? Notification.permission : 'denied',
);

/** Asks for the permission to show notifications. */
export async function allowNotifications(): Promise<void> {
  notifications.value = await Notification.requestPermission();
}

/** Shows a notification, unless somebody looks at the session already. */
function notify({ id, title }: SessionChange, waiting: string): void {
  const isSeen = document.hasFocus() && route.value.page === 'sessions' && route.value.detail === id;
  if (notifications.value !== 'granted' || isSeen) return;
  try {
    const shown = new Notification('An agent waits for you', {
      body: `${title === '' ? 'Session' : title}: ${waiting}`,
      tag: `codex-gateway ${id}`,
    });
    shown.addEventListener('click', () => {
      focus();
      goTo('sessions', id);
      shown.close();
    });
  } catch {
    // Some phones have none for pages.
  }
}
