import { StartupError } from '../../base/errors.ts';
import type { Settings } from './config.ts';

/** Minimum characters of a token. */
const MIN_LENGTH = 16;

/** Longest part whose repetition makes up a weak token. */
const MAX_REPEATED = 4;

/** Words of placeholders and of passwords that many people use, without signs between them. */
const COMMON: ReadonlySet<string> = new Set([
  'abcdefghijklmnop',
  'adminadminadmin1',
  'changemechangeme',
  'changemeplease',
  'changethispassword',
  'changethissecret',
  'changethistoken',
  'codexgatewaylocal',
  'codexgatewaysecret',
  'codexgatewaytoken',
  'correcthorsebatterystaple',
  'defaultpassword',
  'examplepassword',
  'exampletoken',
  'iloveyouiloveyou',
  'insertyourkeyhere',
  'letmeinletmein',
  'localdevelopment',
  'mypasswordispassword',
  'mysecretapikey',
  'mysecretpassword',
  'mysecrettoken',
  'mysupersecretkey',
  'mysupersecrettoken',
  'notarealapikey',
  'openaiapikey',
  'passwordpassword',
  'placeholdertoken',
  'putyourkeyhere',
  'qwertyuiopasdfgh',
  'qwertyuiopasdfghjklzxcvbnm',
  'replacewithyourtoken',
  'secretsecretsecret',
  'supersecretapikey',
  'supersecretkey',
  'supersecretpassword',
  'supersecrettoken',
  'testtesttesttest',
  'thisisasecret',
  'thisisasecrettoken',
  'thisisatoken',
  'trustno1trustno1',
  'verysecrettoken',
  'welcomewelcome',
  'yourapikey',
  'yourapikeyhere',
  'yourgatewaytoken',
  'yoursecrettoken',
  'yourtoken',
  'yourtokenhere',
]);

/** Matches nothing but words with which people begin passwords, one or several. */
const BASE_WORDS =
  /^(?:pass(?:word)?|secret|token|admin|test|key|changeme|letmein|welcome|iloveyou|dragon|monkey|qwerty|trustno)*$/;

/** Rows of keys and signs, along which people type. */
const ROWS = ['abcdefghijklmnopqrstuvwxyz', '01234567890123456789', 'qwertyuiopasdfghjklzxcvbnm'] as const;

/** Keys as they lie on the keyboard, row by row. */
const KEYBOARD = ['1234567890', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm'] as const;

/** Signs of the upper row with Shift, in the order of their keys. */
const SHIFTED = '!@#$%^&*()';

/** Share of the steps to a key beside the last one with which a token is a walk over the keyboard. */
const WALKED = 0.75;

/** Refuses to serve with a token that is easy to guess. */
export function refuseWeakToken({ token }: Pick<Settings, 'token'>): void {
  const weakness = token && findWeakness(token.value);
  if (token === undefined || weakness === undefined) return;
  throw new StartupError(
    `The token of ${SOURCES[token.source] ?? token.path} ${weakness}, so that it can be guessed; use another, or remove it to have one generated.`,
  );
}

/** The places of tokens that have no path, and of the config file. */
const SOURCES: Readonly<Partial<Record<NonNullable<Settings['token']>['source'], string>>> = {
  flag: '--token',
  environment: 'CODEX_GATEWAY_TOKEN',
  config: 'the config file',
};

/** Returns what makes a token easy to guess; undefined for one that is not. */
function findWeakness(token: string): string | undefined {
  if (token.length < MIN_LENGTH) return `has fewer than ${MIN_LENGTH} characters`;
  if (new Set(token).size === 1) return 'repeats one character';
  const plain = token.toLowerCase();
  const isCommon = isRepeated(token) || isCommonWord(plain) || isWalk(plain);
  return isCommon ? 'is one that many people use' : undefined;
}

function isRepeated(token: string): boolean {
  for (let length = 2; length <= MAX_REPEATED; length += 1) {
    const part = token.slice(0, length);
    if (part.repeat(Math.ceil(token.length / length)).startsWith(token)) return true;
  }
  return false;
}

function isCommonWord(token: string): boolean {
  const plain = token.replace(/[^a-z0-9]/g, '');
  // `password12345678` is as bad as `password`.
  const word = plain.replace(/^\d+|\d+$/g, '');
  if (COMMON.has(plain) || COMMON.has(word) || BASE_WORDS.test(word)) return true;
  const backwards = Array.from(plain).toReversed().join('');
  const walks = word.length < 4 ? [plain, backwards] : [plain, backwards, word];
  return ROWS.some((row) => walks.some((text) => `${row}${row}`.includes(text)));
}

/** Returns true for a way over neighbouring keys, or two rows in turn, such as `1q2w3e4r5t6y7u8i` and `a1b2c3d4e5f6g7h8`. */
function isWalk(token: string): boolean {
  const unshifted = Array.from(token, (sign) => KEYBOARD[0][SHIFTED.indexOf(sign)] ?? sign);
  const keys = unshifted.filter((sign) => /[a-z0-9]/.test(sign));
  if (keys.length < MIN_LENGTH / 2) return false;
  const inTurn = [0, 1].map((parity) => keys.filter((_, index) => index % 2 === parity).join(''));
  if (inTurn.every((text) => ROWS.some((row) => row.includes(text)))) return true;
  const steps = keys.filter((key, index) => isStep(key, keys.slice(Math.max(0, index - 4), index)));
  return steps.length >= WALKED * (keys.length - 1);
}

/** Returns true for a key beside the last one. Words come back to the same keys, a walk does not. */
function isStep(key: string, before: readonly string[]): boolean {
  const last = before.at(-1);
  return last !== undefined && !before.includes(key) && areNeighbours(key, last);
}

function areNeighbours(one: string, other: string): boolean {
  const [first, second] = [placeOf(one), placeOf(other)];
  return Math.abs(first.row - second.row) <= 1 && Math.abs(first.column - second.column) <= 1;
}

function placeOf(key: string) {
  const row = KEYBOARD.findIndex((keys) => keys.includes(key));
  return { row, column: KEYBOARD[row]!.indexOf(key) };
}
