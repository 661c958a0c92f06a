import { parseProviderBody } from './provider-body.ts';
import { withoutAddresses } from './without-addresses.ts';

/** Codex's report of a status that it has no kind of its own for; the provider's text follows. */
const PREFIX = /^unexpected status \d{3}[^:]{0,60}: /;

/** Codex appends the URL, and after it what else it knows of the answer. */
const APPENDIX = ', url: ';

/** Codex's text for an answer without a body. */
const NOTHING = 'Unknown error';

/** Longest error body that is parsed; anything longer is not a message for people. */
const MAX_BODY_LENGTH = 100_000;

/** A provider that refuses a key may quote it. */
const KEYS = /\b(?:sk-|Bearer )[\w*.-]{6,}/g;

/** Returns the provider's own explanation of an error status, fit to be shown to a client; undefined where it gave none. */
export function findProviderWords(message: string): string | undefined {
  const [prefix] = PREFIX.exec(message) ?? [];
  if (prefix === undefined) return undefined;
  const end = message.lastIndexOf(APPENDIX);
  const text = message.slice(prefix.length, end < prefix.length ? undefined : end).trim();
  if (text === NOTHING || text.startsWith('<')) return undefined;
  const body = text.length > MAX_BODY_LENGTH ? undefined : parseProviderBody(text);
  const words = withoutAddresses(body?.message ?? text).replaceAll(KEYS, '…');
  return words.replace(/[.\s]+$/, '') || undefined;
}
