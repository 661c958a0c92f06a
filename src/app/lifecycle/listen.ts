import { once } from 'node:events';
import type { RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { StartupError } from '../../base/errors.ts';
import type { Observer } from '../../base/observation.ts';
import { answerHalfClosed } from '../../http/sockets/answer-half-closed.ts';
import { answerOddRequests } from '../../http/sockets/answer-odd-requests.ts';
import { createServer } from '../../http/sockets/node-http.ts';
import { answerUnreadable } from '../../http/sockets/answer-unreadable.ts';
import { answerUpgrades } from '../../http/web-socket/answer-upgrades.ts';

/** Longer than the five seconds after which HTTP clients commonly drop an idle connection, so that they drop it first. */
const KEEP_ALIVE_TIMEOUT_MS = 75_000;

/** Hosts that listen on `::1` as well, because a client's `localhost` may resolve to either loopback address. */
const LOCALHOST = ['localhost', '127.0.0.1', '0.0.0.0'];

export interface Listening {
  /** The server of the first address. */
  readonly server: Server;
  readonly port: number;
  /** The other loopback address and port if another program listens there. */
  readonly takenAddress?: string | undefined;
  /** Accepts no more connections; resolves when the last one has ended. */
  close(): Promise<void>;
  /** Ends idle connections. */
  cutIdle(): void;
  /** Ends all connections, busy ones included. */
  cut(): void;
}

export async function listen(
  host: string,
  port: number,
  handler: RequestListener,
  observer?: Observer,
): Promise<Listening> {
  const first = await openEntrance(host, port, handler, observer);
  const entrances = [first];
  let takenAddress: string | undefined;
  if (LOCALHOST.includes(host.toLowerCase())) {
    try {
      entrances.push(await openEntrance('::1', first.port, handler, observer));
    } catch (error) {
      // The first address is enough, above all where the machine lacks IPv6.
      if (isAddressTaken(error)) takenAddress = `[::1]:${first.port}`;
    }
  }
  if (takenAddress !== undefined) observer?.observe({ type: 'address-taken', address: takenAddress });
  return {
    takenAddress,
    server: first.server,
    port: first.port,
    async close() {
      await Promise.all(entrances.map((entrance) => entrance.close()));
    },
    cutIdle() {
      for (const entrance of entrances) entrance.cutIdle();
    },
    cut() {
      for (const entrance of entrances) entrance.cut();
    },
  };
}

/** Returns true if listening failed because another program does so. */
function isAddressTaken(error: unknown): boolean {
  return (
    error instanceof StartupError && (error.cause as NodeJS.ErrnoException | undefined)?.code === 'EADDRINUSE'
  );
}

/** Listens on one address. */
async function openEntrance(
  host: string,
  port: number,
  handler: RequestListener,
  observer?: Observer,
): Promise<Listening> {
  // The handler refuses a request without a Host header in the shape of other errors.
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS, requireHostHeader: false }, handler);
  const upgraded = answerUpgrades(server, handler);
  answerOddRequests(server, handler);
  answerUnreadable(server, observer);
  answerHalfClosed(server);
  try {
    await startListening(server, host, port);
  } catch (error) {
    throw explain(error as NodeJS.ErrnoException, host, port);
  }
  return {
    server,
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = once(server, 'close');
      server.close();
      await closed;
    },
    cutIdle: () => server.closeIdleConnections(),
    cut() {
      server.closeAllConnections();
      for (const socket of upgraded) socket.destroy();
    },
  };
}

async function startListening(server: Server, host: string, port: number): Promise<void> {
  const addresses = host.toLowerCase() === 'localhost' ? ['127.0.0.1', '::1'] : [host];
  for (const [index, address] of addresses.entries()) {
    try {
      server.listen(port, address);
      await once(server, 'listening');
      return;
    } catch (error) {
      const isMissing = ['EADDRNOTAVAIL', 'EAFNOSUPPORT'].includes(
        (error as NodeJS.ErrnoException).code ?? '',
      );
      if (!isMissing || index === addresses.length - 1) throw error;
    }
  }
}

function explain(error: NodeJS.ErrnoException, host: string, port: number): StartupError {
  if (error.code === 'EADDRINUSE') {
    return new StartupError(
      `Port ${port} on ${host} is in use; stop what listens there, or choose another with --port.`,
      { cause: error },
    );
  }
  if (error.code === 'EACCES') {
    return new StartupError(
      `Port ${port} needs more permissions than you have; choose one above 1023 with --port.`,
    );
  }
  return new StartupError(
    `Cannot listen on ${host} port ${port} (${error.code}); choose another --host or --port.`,
  );
}
