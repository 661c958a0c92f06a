/**
 * Returns the first product of a `User-Agent` header, such as `OpenAI/JS` or `codex_exec/0.171.0`; undefined where it is none.
 * The header is the caller's text: a few plain characters of it are enough to tell programs apart.
 */
export function clientName(userAgent: string): string | undefined {
  return /^[A-Za-z][\w.-]{0,23}(?:\/[\w.+-]{1,16})?(?=$|[ (;,])/.exec(userAgent)?.[0];
}
