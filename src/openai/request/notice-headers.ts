import type { Adjustment } from '../../conversation/adjustment.ts';

export interface Notices {
  readonly ignored: Iterable<string>;
  readonly adjustments: readonly Adjustment[];
}

/** Characters: some clients and proxies refuse longer headers. */
const MAX_LENGTH = 1024;

/** What parts of a turn request are called in the caller's request; other paths are the caller's own. */
export type PartNames = Readonly<Record<string, string>>;

/**
 * The response headers that tell what of a request was left out (`x-codex-gateway-ignored: temperature, seed`) and what
 * was done in another way (`x-codex-gateway-adjusted: reasoning_effort=minimal->low`); neither where there is nothing.
 */
export function encodeNotices(notices: Notices, names: PartNames = {}): Record<string, string> {
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

/** What does not fit is told by three dots. */
function joinEntries(entries: readonly string[]): string {
  let text = '';
  for (const entry of new Set(entries)) {
    const next = text === '' ? entry : `${text}, ${entry}`;
    if (next.length > MAX_LENGTH - 5) return `${text}, ...`.replace(/^, /, '');
    text = next;
  }
  return text;
}

/** A header holds visible ASCII, and the list its own separators. */
function encode(text: string): string {
  return text.toWellFormed().replaceAll(/[^\w.[\]$:;/+*()-]+/g, encodeURIComponent);
}
