const REDACTED = '[redacted]';

/** Texts that give something away by themselves. */
const SECRETS: readonly (readonly [secret: RegExp, shown: string])[] = [
  // To the end of the text, if the end of the key is missing.
  [
    /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY[\s\S]*?(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY[A-Z ]{0,10}-----|$)/g,
    REDACTED,
  ],
  // User names and passwords in addresses.
  [/\b([a-z][a-z0-9+.-]{0,30}:\/\/)[^\s/@'"<>]{1,500}@/gi, `$1${REDACTED}@`],
  [
    /\b(?:gh[pousr]_|github_pat_|glpat-|npm_|hf_|xox[a-z]-|ya29\.|dop_v1_|pypi-|SG\.)[\w.-]{10,500}/g,
    REDACTED,
  ],
  [/\b(?:sk|pk|rk)[-_][\w-]{16,500}/g, REDACTED],
  [/\bcodex-gateway-local-[\w-]{8,200}/g, REDACTED],
  [/\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g, REDACTED],
  [/\bAIza[\w-]{35}/g, REDACTED],
  // JSON Web Tokens, also at the beginning of a line of a diff.
  [/(?<!\w|\w-|--)eyJ[\w-]{8,5000}\.[\w-]{8,5000}(?:\.[\w-]{0,5000})?/g, REDACTED],
  [/\b(bearer|basic)(\s{1,5})[\w.~+/=-]{8,5000}/gi, `$1$2${REDACTED}`],
  [
    /((?:token|secret|passwo?r?d|passwd|pwd|passphrase|api[_-]?key|access[_-]?key|private[_-]?key|authorization|credentials?|signature|sig)["']?\s{0,5}(?:=>|:=|[:=])\s{0,5})(?:"[^"\n]{1,2000}"|'[^'\n]{1,2000}'|[^\s"',;&)\]}]{1,2000})/gi,
    `$1${REDACTED}`,
  ],
];

/** Names of fields that hold a secret, whatever it looks like. */
const SECRET_NAME =
  /token|secret|passw|passphrase|pwd$|api[_-]?key|access[_-]?key|private[_-]?key|authorization|credential/i;

/** Returns a text with its secrets replaced. */
export function redactText(text: string): string {
  return SECRETS.reduce((shown, [secret, replacement]) => shown.replaceAll(secret, replacement), text);
}

/** Returns true for the name of a field whose texts are secrets. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name);
}

/** Stands for the text of a field that holds a secret. */
export const REDACTED_VALUE = REDACTED;
