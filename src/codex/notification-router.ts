import type { LimitWindow } from '../conversation/account-limits.ts';
import { decodeLimits } from './decode-limits.ts';
import type { Notification, TurnNotification } from './protocol.ts';

export interface Listener {
  onNotification(notification: TurnNotification): void;
  /** The app-server has ended; no notification follows. */
  onClose(): void;
}

/** Hands each notification to the turn whose thread it names. */
export interface NotificationRouter {
  route(notification: Notification): void;
  /** Returns a function that ends the listening. */
  listen(threadId: string, listener: Listener): () => void;
  /** Of the account, as they were told last. */
  readonly limits: readonly LimitWindow[];
  close(): void;
}

export function createNotificationRouter(): NotificationRouter {
  const listeners = new Map<string, Listener>();
  let closed = false;
  let limits: readonly LimitWindow[] = [];
  return {
    route(notification) {
      // Threads know nothing of logins.
      if (notification.method === 'account/login/completed') return;
      if (notification.method === 'account/rateLimits/updated') {
        limits = decodeLimits(notification.params.rateLimits);
        // Of the account, not of a thread: any turn may end because of it.
        for (const listener of listeners.values()) listener.onNotification(notification);
      } else {
        listeners.get(notification.params.threadId)?.onNotification(notification);
      }
    },
    listen(threadId, listener) {
      if (closed) listener.onClose();
      listeners.set(threadId, listener);
      return () => listeners.delete(threadId);
    },
    get limits() {
      return limits;
    },
    close() {
      closed = true;
      for (const listener of listeners.values()) listener.onClose();
      listeners.clear();
    },
  };
}
