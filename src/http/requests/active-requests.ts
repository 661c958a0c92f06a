import type { ServerResponse } from 'node:http';
import { ClientGoneError } from '../../base/errors.ts';

/** All requests that are being answered. */
export interface ActiveRequests {
  /** Registers a request and returns its signal, which aborts when the client disconnects or `abortAll` is called. */
  add(response: ServerResponse): AbortSignal;
  count(): number;
  /** Aborts all of them with the reason. */
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
