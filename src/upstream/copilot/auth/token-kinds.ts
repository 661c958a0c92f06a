/**
 * Kinds of tokens: of a GitHub App, which are exchanged; classic personal ones, which Copilot refuses; fine-grained
 * personal ones, OAuth ones, Copilot's own and unknown ones, which are sent as they are.
 */
export type TokenKind = 'app' | 'oauth' | 'fine-grained' | 'classic' | 'copilot' | 'unknown';

const PREFIXES: readonly (readonly [prefix: string, kind: TokenKind])[] = [
  ['ghu_', 'app'],
  ['gho_', 'oauth'],
  ['github_pat_', 'fine-grained'],
  ['ghp_', 'classic'],
];

export function tokenKind(token: string): TokenKind {
  const [, kind] = PREFIXES.find(([prefix]) => token.startsWith(prefix)) ?? [];
  return kind ?? (/^[\w-]+=[^;]*;/.test(token) ? 'copilot' : 'unknown');
}

/** Returns true for text that can be sent in a header as a token. */
export function isToken(text: string): boolean {
  return /^[\u0021-\u007E]+$/.test(text);
}

/** Returns the time at which one of Copilot's own tokens says that it expires, in milliseconds since 1970. */
export function expiryInToken(token: string): number | undefined {
  const [, seconds] = (tokenKind(token) === 'copilot' && /(?:^|;)exp=(\d{1,12})(?:[;:]|$)/.exec(token)) || [];
  return seconds === undefined ? undefined : Number(seconds) * 1000;
}

/** Returns true if a token with this end, in milliseconds since 1970, has reached it. */
export function isExpired({
  expiresAtMs = Infinity,
}: {
  readonly expiresAtMs?: number | undefined;
}): boolean {
  return expiresAtMs <= Date.now();
}
