/** Returns the address in a URL's host, which stands in brackets if it is one of IPv6. */
export function withoutBrackets(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1');
}
