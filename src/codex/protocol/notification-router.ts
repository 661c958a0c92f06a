import type { ServerNotification } from '../../../generated/ServerNotification.js';

/** A listener for one thread. */
export interface ThreadListener {
  onNotification(notification: ServerNotification): void;
  /** The app-server has ended; no notification follows. */
  onClose(): void;
  /** A notification was too long to be read. */
  onTooLong?(): void;
}

/** Hands each notification to the listener of the thread that it names, and those of the account to every listener. */
export interface NotificationRouter {
  route(notification: ServerNotification): void;
  /** Reports a line that was too long to be read to the thread that its beginning names. */
  reportTooLong(head: string): void;
  /** Returns a function that stops listening. */
  listen(threadId: string, listener: ThreadListener): () => void;
  close(): void;
}

const THREAD_ID = /"threadId":"([^"]+)"/;

export function createNotificationRouter(): NotificationRouter {
  const listeners = new Map<unknown, ThreadListener>();
  let closed = false;
  return {
    route(notification) {
      if (notification.method.startsWith('account/')) {
        for (const listener of listeners.values()) listener.onNotification(notification);
        return;
      }
      const { threadId } = notification.params as { readonly threadId?: unknown };
      listeners.get(threadId)?.onNotification(notification);
    },
    reportTooLong(head) {
      const [, threadId = ''] = THREAD_ID.exec(head) ?? [];
      listeners.get(threadId)?.onTooLong?.();
    },
    listen(threadId, listener) {
      if (closed) listener.onClose();
      listeners.set(threadId, listener);
      return () => listeners.delete(threadId);
    },
    close() {
      closed = true;
      for (const listener of listeners.values()) listener.onClose();
      listeners.clear();
    },
  };
}
