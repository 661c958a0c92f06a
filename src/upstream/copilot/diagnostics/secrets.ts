/** Takes secrets out of texts: those that it has learned, and whatever has the form of one. */
export interface Secrets {
  learn(secret: string | undefined): void;
  /** Learns the values of headers that let someone in. */
  learnHeaders(headers: Readonly<Record<string, string | string[] | undefined>>): void;
  redact(text: string): string;
}

const REDACTED = '<redacted-secret>';

/** Number of secrets that are remembered; the oldest is forgotten first. */
const MAX_SECRETS = 200;

/** Length below which a text is too common to be replaced wherever it occurs, such as a token of "none". */
const MIN_LENGTH = 8;

/** Tokens of GitHub and of Copilot, and anything behind the name of a scheme. */
const PATTERNS = [
  /\bgh[a-z]_\w{8,}/g,
  /\bgithub_pat_\w{8,}/g,
  /\btid=[^\s"'\\<>]+/g,
  /(?<=\b(?:bearer|basic)\s+)[\w.~+/=;:-]{8,}/gi,
];

const CREDENTIALS = /^(?:(?:proxy-)?authorization|(?:x-)?api-key)$/;
const SENSITIVE = /cookie$|token/;

/** @param given Secrets that are known from the beginning. */
export function createSecrets(given: readonly (string | undefined)[]): Secrets {
  const known = new Set<string>();
  for (const secret of given) learn(secret);

  function learn(secret: string | undefined): void {
    if (secret === undefined || secret.length < MIN_LENGTH) return;
    known.delete(secret);
    known.add(secret);
    const [oldest] = known;
    if (known.size > MAX_SECRETS && oldest !== undefined) known.delete(oldest);
  }

  function learnHeader(name: string, value: string): void {
    if (CREDENTIALS.test(name)) {
      for (const word of value.split(/[\s,]+/)) if (!/^(?:bearer|basic|token)$/i.test(word)) learn(word);
    } else if (SENSITIVE.test(name)) {
      const parts = [value, ...value.split(/[;,]\s*/).map((pair) => pair.replace(/^[^=]*=/, ''))];
      for (const part of parts) learn(part);
    }
  }

  return {
    learn,
    learnHeaders(headers) {
      for (const [name, value = []] of Object.entries(headers)) {
        for (const text of [value].flat()) learnHeader(name, text);
      }
    },
    redact(text) {
      // Longer ones come first, since a secret may be part of another.
      const secrets = [...known].toSorted((a, b) => b.length - a.length);
      const rest = secrets.reduce((part, secret) => part.replaceAll(secret, REDACTED), text);
      return PATTERNS.reduce((part, pattern) => part.replace(pattern, REDACTED), rest);
    },
  };
}
