import type { Notices } from './compatibility.ts';

/** Maximum characters of a header, since some clients and proxies refuse longer ones. */
const MAX_LENGTH = 1024;

/** Paths in the request body by the part of the turn request that they became; any other path of a notice is already one of the body. */
export type ParamNames = Readonly<Record<string, string>>;

/**
 * Encodes the response headers that list ignored fields (`x-codex-gateway-ignored: temperature, seed`) and replaced values
 * (`x-codex-gateway-adjusted: reasoning_effort=minimal->low`). A header without entries is left out.
 */
export function encodeNotices(notices: Notices, names: ParamNames = {}): Record<string, string> {
  const ignored = joinEntries([...notices.ignored].map(encode));
  const adjusted = joinEntries(
    notices.adjustments.map(
      ({ path, from, to }) => `${encode(names[path] ?? path)}=${encode(from)}->${encode(to)}`,
    ),
  );
  return {
    ...(ignored !== '' && { 'x-codex-gateway-ignored': ignored }),
    ...(adjusted !== '' && { 'x-codex-gateway-adjusted': adjusted }),
  };
}

/** Joins entries as long as they fit; three dots stand for the rest. */
function joinEntries(entries: readonly string[]): string {
  let text = '';
  for (const entry of new Set(entries)) {
    const next = text === '' ? entry : `${text}, ${entry}`;
    if (next.length > MAX_LENGTH - 5) return `${text}, ...`.replace(/^, /, '');
    text = next;
  }
  return text;
}

/** Escapes everything that is not visible ASCII or that separates entries. */
function encode(text: string): string {
  return text.toWellFormed().replaceAll(/[^\w.[\]$:;/+*()-]+/g, encodeURIComponent);
}
