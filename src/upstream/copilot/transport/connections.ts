import type { Dispatcher } from 'undici';
import { CONNECT_SECONDS } from './upstream-failure.ts';
import { isLoopbackHost } from './urls.ts';

/** Open connections to GitHub, Copilot and proxies: as many as there are requests at once, kept for the next ones. */
export interface OpenConnections {
  to(url: URL): Dispatcher;
  /** Ends all connections, and the requests on them. */
  destroy(): Promise<void>;
}

/**
 * Milliseconds that a connection stays open without a request, unless the server names a time of its own: some servers
 * close it after 30 seconds without notice, and a request that is sent at that moment fails.
 */
const KEPT_MS = 25_000;

/** Opens nothing yet, but loads the HTTP client, which costs time. */
export async function openConnections(proxyFor: (url: URL) => URL | undefined): Promise<OpenConnections> {
  const { Agent, ProxyAgent } = await import('undici');
  const settings = { keepAliveTimeout: KEPT_MS, connect: { timeout: CONNECT_SECONDS * 1000 } };
  const agents = new Map<string, Dispatcher>();
  function agent(proxy: string): Dispatcher {
    const known = agents.get(proxy);
    if (known !== undefined) return known;
    const created =
      proxy === ''
        ? new Agent(settings)
        : new ProxyAgent({ keepAliveTimeout: KEPT_MS, uri: proxy, proxyTunnel: false });
    agents.set(proxy, created);
    return created;
  }
  return {
    to: (url) => agent(isLoopbackHost(url.hostname) ? '' : (proxyFor(url)?.href ?? '')),
    async destroy() {
      await Promise.all([...agents.values()].map(async (open) => await open.destroy()));
    },
  };
}
