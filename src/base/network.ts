type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Returns the proxy through which Codex reaches a URL, according to the usual environment variables;
 * undefined if none applies.
 */
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
        // The pattern spares IPv6 addresses, which have several colons and a port only after brackets.
        .replace(/^([^:]*):\d+$/, '$1')
        .replace(/^\*?\./, ''),
    )
    .some((entry) => entry === '*' || (entry !== '' && (host === entry || host.endsWith(`.${entry}`))));
}

/** Returns the host of a URL without the brackets of an IPv6 address. */
export function withoutBrackets(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1');
}

/** Returns true for a URL of the web. */
export function isWebAddress(text: string): boolean {
  return /^https?:$/.test(URL.parse(text)?.protocol ?? '');
}
