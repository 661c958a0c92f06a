import type { LimitWindow } from '../../conversation/account-limits.ts';
import { decodeLimits } from './decode-limits.ts';
import type { Reading } from './ndjson-reader.ts';
import type { Notification, TurnNotification } from './protocol.ts';

export interface Listener {
  /** True for one that hears the echo of what is injected into its thread, with long texts abbreviated. */
  readonly hearsEcho?: boolean;
  onNotification(notification: TurnNotification): void;
  /** The app-server has ended; no notification follows. */
  onClose(): void;
  /** A notification was too long to be read. */
  onTooLong?(): void;
}

/** Hands each notification to the turn whose thread it names. */
export interface NotificationRouter {
  route(notification: Notification): void;
  /** Decides how to read a line that begins so: most of what the app-server echoes has no reader. */
  judge(head: string): Reading;
  /** Tells the turn whose thread such a line names that it was too long to be read. */
  reportTooLong(head: string): void;
  /** Returns a function that ends the listening. */
  listen(threadId: string, listener: Listener): () => void;
  /** Of the account, as they were told last. */
  readonly limits: readonly LimitWindow[];
  close(): void;
}

/** As the app-server begins such a line; one that begins otherwise is read whole. */
const ECHO =
  /^\{"method":"rawResponseItem\/completed","params":\{"threadId":"([^"]+)","turnId":"auto-compact-\d+"/;
const THREAD = /"threadId":"([^"]+)"/;

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
    judge(head) {
      const [, threadId] = ECHO.exec(head) ?? [];
      if (threadId === undefined) return 'whole';
      return listeners.get(threadId)?.hearsEcho ? 'abbreviated' : 'unread';
    },
    reportTooLong(head) {
      const [, threadId = ''] = THREAD.exec(head) ?? [];
      listeners.get(threadId)?.onTooLong?.();
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
