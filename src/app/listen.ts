import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { StartupError } from '../base/errors.ts';
import { answerUpgrades } from '../http/web-socket/answer-upgrades.ts';

/** Longer than the five seconds after which HTTP clients commonly drop an idle connection, so that they drop it first. */
const KEEP_ALIVE_TIMEOUT = 75_000;

export interface Listening {
  readonly server: Server;
  readonly port: number;
  /** Ends every connection, whatever it is used for. */
  cut(): void;
}

export async function listen(host: string, port: number, handler: RequestListener): Promise<Listening> {
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_TIMEOUT }, handler);
  const upgraded = answerUpgrades(server, handler);
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    throw explain(error as NodeJS.ErrnoException, host, port);
  }
  return {
    server,
    port: (server.address() as AddressInfo).port,
    cut() {
      server.closeAllConnections();
      for (const socket of upgraded) socket.destroy();
    },
  };
}

function explain(error: NodeJS.ErrnoException, host: string, port: number): StartupError {
  if (error.code === 'EADDRINUSE') {
    return new StartupError(
      `Port ${port} on ${host} is in use; stop what listens there, or choose another with --port.`,
    );
  }
  if (error.code === 'EACCES') {
    return new StartupError(
      `Port ${port} needs more rights than you have; choose one above 1023 with --port.`,
    );
  }
  return new StartupError(
    `Cannot listen on ${host} port ${port} (${error.code}); choose another --host or --port.`,
  );
}
