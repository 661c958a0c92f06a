const PROXY = /^(?:all|http|https)_proxy$/i;
const EXEMPT = ['NO_PROXY', 'no_proxy'] as const;

/** Returns an environment in which no proxy is asked for a host: what is sent there is for this machine alone. */
export function withoutProxyFor(host: string, environment: Record<string, string>): Record<string, string> {
  if (!Object.keys(environment).some((name) => PROXY.test(name))) return environment;
  const set = EXEMPT.filter((name) => environment[name] !== undefined);
  // Programs read one of them, or the other first.
  const names = set.length > 0 ? set : EXEMPT.slice(0, 1);
  const hosts = (name: string) => (environment[name] ?? '').split(',').map((part) => part.trim());
  const exempt = names.map((name) => [name, [...hosts(name).filter((part) => part !== ''), host].join(',')]);
  return { ...environment, ...Object.fromEntries(exempt) };
}
