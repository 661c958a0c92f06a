import { isPlaceholder, isReference } from './placeholder.ts';

/** Offsets of a part of a line. */
export interface TextSpan {
  readonly start: number;
  readonly end: number;
}

/** An assignment to a name that speaks of a secret; all repetitions are bounded, since lines may have any length. */
const ASSIGNMENT =
  /(?:api[_-]?key|access[_-]?key|auth[_-]?key|private[_-]?key|encryption[_-]?key|signing[_-]?key|secret|token|passw(?:or)?d|passphrase|pwd|credential)(?<suffix>[\w.-]{0,30})["'\]]{0,2}\s{0,4}(?::=|=>|[:=])\s{0,4}(?<quote>["'`]?)(?<value>[^\s"'`,;]{8,256})/gi;

const HINT = /key|secret|token|pass|pwd|credential/i;

/** Endings of names that hold something about a secret, and words that only begin like one. */
const HARMLESS_SUFFIX =
  /^[a-rt-z]|(?:id|ids|name|names|url|uri|path|file|dir|type|kind|hint|regex|pattern|label|field|header|param|env|var|placeholder|title|text|message|error|expiry|expires|length|limit|count|size|version|format|prefix|algorithm|endpoint|selector|class)$/i;

/** Files whose values come without quotes. */
const PLAIN_FILE =
  /(?:^|[\\/])(?:\.env[^\\/]{0,100}|\.npmrc|\.netrc|\.pypirc|[^\\/]{0,200}\.(?:env|ini|cfg|conf|config|properties|ya?ml|toml|sh|bash|zsh|tfvars)|Dockerfile[^\\/]{0,100}|credentials)$/;

/** Files whose long random values are hashes. */
const LOCK_FILE =
  /(?:^|[\\/])(?:package-lock\.json|npm-shrinkwrap\.json|[^\\/]{0,100}\.lockb?|go\.sum|pnpm-lock\.yaml|packages\.lock\.json|gradle\.lockfile|Podfile\.lock|[^\\/]{0,100}\.snap)$/;

const SHORT_CHARACTERS = 20;
const MIN_ENTROPY = 3.5;
const MIN_ENTROPY_OF_SHORT = 3;

/** Returns the places at which a line gives a random value to a name that speaks of a secret. */
export function findAssignedSecrets(text: string, path: string): TextSpan[] {
  if (!HINT.test(text) || LOCK_FILE.test(path)) return [];
  return Array.from(text.matchAll(ASSIGNMENT))
    .filter(({ groups }) => isSuspicious(groups as unknown as Assignment, path))
    .map(({ index, 0: { length } }) => ({ start: index, end: index + length }));
}

interface Assignment {
  readonly suffix: string;
  readonly quote: string;
  readonly value: string;
}

function isSuspicious({ suffix, quote, value }: Assignment, path: string): boolean {
  if (HARMLESS_SUFFIX.test(suffix)) return false;
  const isText = quote !== '' || (PLAIN_FILE.test(path) && /^[\w+/=.~!@#%^&*-]+$/.test(value));
  return isText && isRandom(value);
}

function isRandom(value: string): boolean {
  if (!/\d/.test(value) || !/[A-Za-z]/.test(value) || isReference(value)) return false;
  if (isPlaceholder(value)) return false;
  // Addresses, paths, calls and members.
  if (/:\/\/|^[./~]|\.\w{1,5}$|[(){}[\]<>]/.test(value)) return false;
  const least = value.length < SHORT_CHARACTERS ? MIN_ENTROPY_OF_SHORT : MIN_ENTROPY;
  return entropyOf(value) >= least;
}

/** Returns the bits a character that a value holds by the frequencies of its characters. */
function entropyOf(value: string): number {
  const counts = new Map<string, number>();
  for (const character of value) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / value.length) * Math.log2(count / value.length);
  return bits;
}
