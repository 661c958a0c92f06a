import type { RequestListener } from 'node:http';

/** Lets requests wait until the app exists. */
export function whenReady(app: Promise<RequestListener>): RequestListener {
  return (request, response) => {
    void app.then((handle) => {
      // A client that did not want to wait may have disconnected.
      if (!response.destroyed) handle(request, response);
    });
  };
}
