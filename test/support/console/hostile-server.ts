import type { IncomingMessage } from 'node:http';
import { startHttpServer } from '../start-http-server.ts';

/** Another server of the same machine, on a port of its own. */
export interface HostileServer {
  /** `http://127.0.0.1:…` */
  readonly origin: string;
  /** The requests that it has got. */
  readonly seen: readonly IncomingMessage[];
  /** Sets what it answers every request with. */
  show(html: string): void;
}

/** Serves a page on a free port until the running test ends. */
export async function startHostileServer(): Promise<HostileServer> {
  const seen: IncomingMessage[] = [];
  let page = '<!doctype html><title>Hostile</title>';
  const { origin } = await startHttpServer((request, response) => {
    seen.push(request);
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(page);
  });
  return { origin, seen, show: (html) => void (page = html) };
}
