/**
 * The path of a request line as it came; undefined where it cannot be read. Only the path: a proxy's form of a URL may
 * hold a password.
 */
export function pathOf(target: string): string | undefined {
  return target.startsWith('/') ? target.split('?')[0] : URL.parse(target)?.pathname;
}
