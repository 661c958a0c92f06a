import { excerpt, MAX_MESSAGE_CHARACTERS } from './excerpt.ts';

/** Keys, which a provider may quote when it refuses one. */
const KEYS = /\b(?:sk-|Bearer )[\w*.-]{6,}/g;

export function withoutKeys(message: string): string {
  return message.replaceAll(KEYS, '…');
}

const ADDRESSES = [
  // Words that would be left without their URL.
  [/,? url: \S+| for url \(\S+\)/g, ''],
  [/(?<![a-z0-9+.-])[a-z][a-z0-9+.-]{0,30}:\/\/\S+/gi, '…'],
  // A path in the home folder, or any path of two steps or more.
  [/(?<![\w/.~-])(?:~(?:\/[^\s"'`)\]<>/:,]+)+|\.{0,2}(?:\/[^\s"'`)\]<>/:,]+){2,})\/?/g, '…'],
] as const;

/**
 * Removes URLs and file paths from a message of another program. Shortens the message first, because the patterns are only
 * fast on short text.
 */
export function withoutAddresses(message: string): string {
  const short = excerpt(message, MAX_MESSAGE_CHARACTERS);
  return ADDRESSES.reduce(
    (text, [pattern, replacement]) => text.replaceAll(pattern, replacement),
    short,
  ).trim();
}
