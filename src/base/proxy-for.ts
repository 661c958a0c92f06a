import { withoutBrackets } from '../../http/loopback.ts';
import type { Environment } from '../config.ts';

/** Returns the proxy by which Codex reaches a URL, by the usual variables; undefined for none. */
export function proxyFor(url: URL, environment: Environment): URL | undefined {
  if (isExempt(withoutBrackets(url.hostname), read(environment, 'NO_PROXY') ?? '')) return undefined;
  const scheme = url.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  const proxy = read(environment, scheme) ?? read(environment, 'ALL_PROXY');
  if (proxy === undefined) return undefined;
  return URL.parse(proxy.includes('://') ? proxy : `http://${proxy}`) ?? undefined;
}

function read(environment: Environment, name: string): string | undefined {
  return environment[name.toLowerCase()] || environment[name] || undefined;
}

function isExempt(host: string, list: string): boolean {
  return list
    .split(',')
    .map((entry) =>
      entry
        .trim()
        .toLowerCase()
        .replace(/:\d+$/, '')
        .replace(/^\*?\./, ''),
    )
    .some((entry) => entry === '*' || (entry !== '' && (host === entry || host.endsWith(`.${entry}`))));
}
