import { withoutBrackets } from './without-brackets.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Returns the proxy through which Codex reaches a URL, according to the usual variables; undefined for none. */
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
        .replace(/^\[(.*)\](?::\d+)?$/, '$1')
        // An IPv6 address has several colons, and no port without brackets.
        .replace(/^([^:]*):\d+$/, '$1')
        .replace(/^\*?\./, ''),
    )
    .some((entry) => entry === '*' || (entry !== '' && (host === entry || host.endsWith(`.${entry}`))));
}
