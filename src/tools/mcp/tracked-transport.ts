import type { JSONRPCMessage, JSONRPCNotification, Transport } from '@modelcontextprotocol/server';

/** A transport that knows which requests of its client are not answered yet. */
export interface TrackedTransport {
  readonly transport: Transport;
  /** Resolves once every request that has arrived is answered. */
  answered(): Promise<void>;
  /** Resolves when the transport has closed. */
  readonly closed: Promise<void>;
}

export function trackTransport(inner: Transport): TrackedTransport {
  const pending = new Set<unknown>();
  let onAnswered = () => {};
  const { promise: closed, resolve: close } = Promise.withResolvers<void>();

  const transport: Transport = {
    async start() {
      // Transports have no other listeners.
      /* oxlint-disable unicorn/prefer-add-event-listener */
      inner.onmessage = (message, extra) => {
        if ('method' in message && 'id' in message) pending.add(message.id);
        // A request that is cancelled gets no answer.
        if (isCancellation(message)) pending.delete(message.params?.requestId);
        transport.onmessage?.(message, extra);
      };
      inner.onerror = (error) => transport.onerror?.(error);
      inner.onclose = () => {
        close();
        transport.onclose?.();
      };
      /* oxlint-enable unicorn/prefer-add-event-listener */
      await inner.start();
    },
    async send(message, options) {
      await inner.send(message, options);
      settle(message);
    },
    close: async () => await inner.close(),
  };

  function settle(message: JSONRPCMessage): void {
    if (!('method' in message)) pending.delete(message.id);
    if (pending.size === 0) onAnswered();
  }

  return {
    transport,
    closed,
    async answered() {
      if (pending.size === 0) return;
      await new Promise<void>((resolve) => {
        onAnswered = resolve;
      });
    },
  };
}

function isCancellation(message: JSONRPCMessage): message is JSONRPCNotification {
  return 'method' in message && message.method === 'notifications/cancelled';
}
