import type { ServerNotification } from '../../../generated/ServerNotification.js';

/** A listener for one thread. */
export interface ThreadListener {
  /** Called with the thread's part of what one read of the pipe brought, in order. */
  onNotifications(batch: readonly ServerNotification[]): void;
  /** The app-server has ended; no notification follows. */
  onClose(): void;
  /** A notification was too long to be read. */
  onTooLong?(): void;
}

/** Hands each notification to the listener of the thread that it names, and those of the account to every listener. */
export interface NotificationRouter {
  route(batch: readonly ServerNotification[]): void;
  /** Returns true if the thread has a listener. */
  listens(threadId: string): boolean;
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

  /** Returns each listener's part of a batch. */
  function shareOut(batch: readonly ServerNotification[]): Map<ThreadListener, ServerNotification[]> {
    const shares = new Map<ThreadListener, ServerNotification[]>();
    function add(listener: ThreadListener, notification: ServerNotification): void {
      const share = shares.get(listener);
      if (share) share.push(notification);
      else shares.set(listener, [notification]);
    }
    for (const notification of batch) {
      if (notification.method.startsWith('account/')) {
        for (const listener of listeners.values()) add(listener, notification);
        continue;
      }
      const { threadId } = notification.params as { readonly threadId?: unknown };
      const listener = listeners.get(threadId);
      if (listener) add(listener, notification);
    }
    return shares;
  }

  return {
    route(batch) {
      for (const [listener, share] of shareOut(batch)) {
        try {
          listener.onNotifications(share);
        } catch {
          // Another Codex version may have renamed a field; other threads still get their notifications.
        }
      }
    },
    listens: (threadId) => listeners.has(threadId),
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
