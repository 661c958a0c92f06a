import type { ServerResponse } from 'node:http';
import { ClientGoneError } from '../../base/client-gone.ts';

/** The requests that are being answered. */
export interface ActiveRequests {
  /** Registers a request; the signal aborts when its client goes away, or by `abortAll`. */
  add(response: ServerResponse): AbortSignal;
  count(): number;
  /** Ends all of them with the reason. */
  abortAll(reason: Error): void;
}

export function createActiveRequests(): ActiveRequests {
  const controllers = new Set<AbortController>();
  return {
    add(response) {
      const controller = new AbortController();
      controllers.add(controller);
      response.once('close', () => {
        controllers.delete(controller);
        if (!response.writableFinished) controller.abort(new ClientGoneError());
      });
      return controller.signal;
    },
    count: () => controllers.size,
    abortAll(reason) {
      for (const controller of controllers) controller.abort(reason);
    },
  };
}
