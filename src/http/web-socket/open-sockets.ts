/** A conversation over a WebSocket, as the end of the gateway sees it. */
export interface OpenSocket {
  /** Takes nothing new, and closes once what is under way has ended. */
  leave(): void;
}

/** The conversations that are held. */
export interface OpenSockets {
  /** Returns how to take it out again. */
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
