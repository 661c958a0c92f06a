import type { ServerResponse } from 'node:http';
import { ClientGoneError } from '../../base/errors.ts';

/** All requests that are being answered. */
export interface ActiveRequests {
  /** Registers a request and returns what ends it; its signal also aborts when the client disconnects or `abortAll` is called. */
  add(response: ServerResponse): AbortController;
  /** Returns the number of requests that came before the server began to stop. */
  count(): number;
  /** Returns the number of requests that came after that. */
  late(): number;
  /** Called when the server begins to stop. */
  leave(): void;
  /** Aborts all of them with the reason. */
  abortAll(reason: Error): void;
}

/** Listeners of one event that a response may have. Koa adds several for a stream; Node warns of a leak from the 11th on. */
const MAX_LISTENERS = 30;

export function createActiveRequests(): ActiveRequests {
  const usual = new Set<AbortController>();
  const late = new Set<AbortController>();
  let isLeaving = false;
  return {
    add(response) {
      response.setMaxListeners(MAX_LISTENERS);
      const controller = new AbortController();
      const requests = isLeaving ? late : usual;
      requests.add(controller);
      response.once('close', () => {
        requests.delete(controller);
        if (!response.writableFinished) controller.abort(new ClientGoneError());
      });
      return controller;
    },
    count: () => usual.size,
    late: () => late.size,
    leave: () => void (isLeaving = true),
    abortAll(reason) {
      for (const controller of [...usual, ...late]) controller.abort(reason);
    },
  };
}
