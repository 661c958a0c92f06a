import { withoutAddresses, withoutKeys } from '../../base/clean-message.ts';
import { excerpt, MAX_MESSAGE_CHARACTERS } from '../../base/excerpt.ts';

/** Parts of Codex's messages that hold more than people may see, or that would become unclear without their path. */
const PARTS = [
  // A value of the user's configuration, which may be a key.
  [/\bstring "(?:[^"\\]|\\.)*"/g, 'a string'],
  [/[^\s"'`]*\/(?=config\.toml\b)/g, ''],
] as const;

/** Returns the cause that Codex gives for a failure, without paths, addresses and secrets. Further lines may be a trace. */
export function cleanCause(message: string): string {
  const [line = ''] = excerpt(message, MAX_MESSAGE_CHARACTERS).split('\n', 1);
  const text = PARTS.reduce((rest, [pattern, replacement]) => rest.replaceAll(pattern, replacement), line);
  return withoutKeys(withoutAddresses(text));
}
