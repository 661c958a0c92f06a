import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface DelayProxy {
  readonly port: number;
  close(): void;
}

/**
 * Starts a TCP proxy that holds back every byte for the given time, in either direction. Connecting itself takes no time,
 * which flatters a client that connects often.
 */
export async function startDelayProxy(port: number, delayMs: number): Promise<DelayProxy> {
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const target = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    for (const socket of [client, target]) {
      socket.setNoDelay(true);
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    }
    forwardLate(client, target, delayMs);
    forwardLate(target, client, delayMs);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

function forwardLate(from: Socket, to: Socket, delayMs: number): void {
  from.on('data', (bytes) => void setTimeout(() => to.write(bytes), delayMs));
  from.once('end', () => void setTimeout(() => to.end(), delayMs));
  from.once('error', () => to.destroy());
  from.once('close', () => void setTimeout(() => to.destroy(), delayMs));
}
