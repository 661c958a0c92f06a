import { excerpt, SCREENFUL } from '../../../base/excerpt.ts';

const PATTERNS = [
  // What would be left hanging without its URL.
  [/,? url: \S+| for url \(\S+\)/g, ''],
  [/(?<![a-z0-9+.-])[a-z][a-z0-9+.-]{0,30}:\/\/\S+/gi, '…'],
  // A path in the home folder, or any of two steps and more.
  [/(?<![\w/.~-])(?:~(?:\/[^\s"'`)\]<>/:,]+)+|\.{0,2}(?:\/[^\s"'`)\]<>/:,]+){2,})\/?/g, '…'],
] as const;

/** A message that Codex wrote without its URLs and file paths. It is cut first: the patterns are quick on short text only. */
export function withoutAddresses(message: string): string {
  const short = excerpt(message, SCREENFUL);
  return PATTERNS.reduce((text, [pattern, instead]) => text.replaceAll(pattern, instead), short).trim();
}
