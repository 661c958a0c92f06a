/** Words by which a text shows that it only has the form of a secret. */
const EXAMPLE = /example|placeholder|redacted|your[-_]|x{8}|\*{3}|\.{3}|dummy|fake/i;

/** Further words of values that people choose freely. */
const WORDS =
  /sample|change[-_ ]?me|your|my[-_]|insert|replace|todo|xxxx|lorem|foobar|0123456789|1234567890|abcdefgh|deadbeef|not[-_]?a?[-_]?(?:real|secret)/i;

/** Values that nobody keeps secret. */
const COMMON = new Set([
  'password',
  'passwd',
  'pass',
  'secret',
  'token',
  'admin',
  'root',
  'user',
  'guest',
  'test',
  'postgres',
  'mysql',
  'pwd',
]);

/** Signs of a variable, a template or code where a value would be. */
const REFERENCE = /^[$%<{[]|\$[{(]|\{\{|<%|%[({]|process\.env|environ|getenv|secrets\./i;

/** Returns true for a text with the form of a token that says that it is none. */
export function isExample(text: string): boolean {
  return EXAMPLE.test(text);
}

/** Returns true for a value that takes the place of a secret, such as `your-key`. */
export function isPlaceholder(value: string): boolean {
  return (
    isExample(value) ||
    WORDS.test(value) ||
    COMMON.has(value.toLowerCase()) ||
    new Set(value).size <= Math.min(4, value.length / 3)
  );
}

/** Returns true for a value that names a secret which is elsewhere, such as `${KEY}`. */
export function isReference(value: string): boolean {
  return REFERENCE.test(value);
}
