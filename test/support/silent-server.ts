import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface SilentServer {
  readonly port: number;
  /** Settles with the first request, which is never answered. */
  readonly asked: Promise<void>;
}

/** A server on loopback that takes requests and says nothing, until the running test ends. */
export async function startSilentServer(): Promise<SilentServer> {
  const asked = Promise.withResolvers<void>();
  const server = createServer(() => asked.resolve());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, asked: asked.promise };
}
