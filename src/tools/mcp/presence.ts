/** Milliseconds after which a client that has no connection open counts as gone, and then as gone for good. */
export interface PresenceTimes {
  readonly goneMs: number;
  readonly idleMs: number;
}

export interface PresenceEvents {
  /** Called when nobody can receive an answer any more. */
  onGone(): void;
  /** Called when the client has not come back for long. */
  onIdle(): void;
}

/** Knows if a client is there, by its open connections. */
export interface Presence {
  readonly isConnected: boolean;
  /** Counts a connection; returns a function that ends it. */
  hold(): () => void;
  stop(): void;
}

export function createPresence({ goneMs, idleMs }: PresenceTimes, events: PresenceEvents): Presence {
  let connections = 0;
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;

  function wait(ms: number, next: () => void): void {
    timer = setTimeout(next, ms).unref();
  }

  function release(): void {
    connections -= 1;
    if (connections > 0 || isStopped) return;
    wait(goneMs, () => {
      events.onGone();
      wait(idleMs, events.onIdle);
    });
  }

  return {
    get isConnected() {
      return connections > 0;
    },
    hold() {
      connections += 1;
      clearTimeout(timer);
      let isHeld = true;
      return () => {
        if (isHeld) release();
        isHeld = false;
      };
    },
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
