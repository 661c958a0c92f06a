/** A WebSocket connection that can be ended. */
export interface OpenSocket {
  /** Accepts nothing new, and closes once the running response has ended. */
  leave(): void;
}

/** All open WebSocket connections. */
export interface OpenSockets {
  /** Returns a function that removes the connection again. */
  add(socket: OpenSocket): () => void;
  leaveAll(): void;
}

export function createOpenSockets(): OpenSockets {
  const open = new Set<OpenSocket>();
  let isLeaving = false;
  return {
    add(socket) {
      open.add(socket);
      if (isLeaving) socket.leave();
      return () => open.delete(socket);
    },
    leaveAll() {
      isLeaving = true;
      for (const socket of open) socket.leave();
    },
  };
}
