import type { RequestListener } from 'node:http';
import { isProbe } from '../../http/requests/is-probe.ts';

/** Lets requests wait until the app exists; another one answers the probes until then. */
export function whenReady(
  app: Promise<RequestListener>,
  loadProbes: () => Promise<RequestListener>,
): RequestListener {
  let ready: RequestListener | undefined;
  let probes: Promise<RequestListener> | undefined;
  void app.then((handle) => (ready = handle));
  return (request, response) => {
    if (ready !== undefined) return ready(request, response);
    if (isProbe(request)) probes ??= loadProbes();
    void (isProbe(request) ? probes! : app).then((handle) => {
      // A client that did not want to wait may have disconnected.
      if (!response.destroyed) handle(request, response);
    });
  };
}
