/**
 * Returns the path of a request line as it was sent; undefined for one that cannot be parsed. Only the path: the absolute
 * form, which proxies send, may contain a password.
 */
export function pathOf(target: string): string | undefined {
  return target.startsWith('/') ? target.split('?')[0] : URL.parse(target)?.pathname;
}

/**
 * Returns the first product of a `User-Agent` header, such as `OpenAI/JS` or `codex_exec/0.171.0`; undefined if it names
 * none. The header is the caller's text, so only a few plain characters of it are returned.
 */
export function clientName(userAgent: string): string | undefined {
  return /^[A-Za-z][\w.-]{0,23}(?:\/[\w.+-]{1,16})?(?=$|[ (;,])/.exec(userAgent)?.[0];
}
