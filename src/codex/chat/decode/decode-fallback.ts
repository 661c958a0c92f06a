const FALLBACK = /^Falling back from WebSockets to HTTPS transport\. /;

/**
 * Returns the error by which a WebSocket failed, from the warning with which Codex sends the turn once more by HTTP; undefined for
 * any other warning.
 */
export function reasonOfFallback(message: string): string | undefined {
  return FALLBACK.test(message) ? message.replace(FALLBACK, '') : undefined;
}
