import { NO_LIMITS, type TokenLimits } from '../../access/token-entry.ts';
import { didYouMean } from '../../base/closest.ts';
import { StartupError } from '../../base/errors.ts';
import { excerpt } from '../../base/excerpt.ts';
import { readMoment } from '../../base/read-moment.ts';
import { SCOPES, type Scope } from '../../base/scopes.ts';
import type { Flags } from '../config/config.ts';
import type { NewToken } from './named-tokens.ts';
import { checkTokenName } from './token-name.ts';

/** Options of `tokens add`. */
export interface NewTokenFlags extends Flags {
  readonly name?: string;
  readonly scope?: string;
  readonly expires?: string;
  readonly limit?: string;
}

/** The last moment whose year has four digits, as in the file of a token. */
export const MAX_TOKEN_TIME = Date.parse('9999-12-31T23:59:59.999Z');

/** Reads what `tokens add` is given. Throws a `StartupError` that says what is wrong. */
export function readNewToken(word: string | undefined, flags: NewTokenFlags, now: number): NewToken {
  return {
    name: readName(word, flags.name),
    scopes: readScopes(flags.scope ?? 'openai'),
    expires: flags.expires === undefined ? null : readExpiry(flags.expires, now),
    limits: readLimits(flags.limit),
  };
}

function readName(word: string | undefined, option: string | undefined): string {
  const name = option ?? word;
  if (name === undefined) throw new StartupError('A token needs a name: tokens add NAME.');
  if (word !== undefined && option !== undefined && word !== option)
    throw new StartupError(`A token has one name; '${excerpt(word)}' and '${excerpt(option)}' are two.`);
  checkTokenName(name);
  return name;
}

/** Reads a list of scopes. Throws a `StartupError` that says what is wrong. */
export function readScopes(text: string): Scope[] {
  const words = listIn(text);
  if (words.length === 0) throw new StartupError(`--scope is empty; choose from ${SCOPES.join(', ')}.`);
  for (const word of words) {
    if (!(SCOPES as readonly string[]).includes(word))
      throw new StartupError(
        `There is no scope '${excerpt(word)}'; choose from ${SCOPES.join(', ')}.${didYouMean(word, SCOPES)}`,
      );
  }
  return SCOPES.filter((scope) => words.includes(scope));
}

/** Returns the Unix milliseconds of a duration from now, or of a time. */
function readExpiry(text: string, now: number): number {
  const time = readMoment(text, now, 1);
  if (Number.isNaN(time))
    throw new StartupError(
      `--expires is '${excerpt(text)}'; write a duration such as 30s, 15m, 8h or 7d, or a time such as 2030-01-31T12:00:00Z.`,
    );
  if (time > MAX_TOKEN_TIME)
    throw new StartupError(
      `--expires is '${excerpt(text)}', which is after the year 9999; choose an earlier time, or leave it out.`,
    );
  if (time > now) return time;
  throw new StartupError(`--expires is '${excerpt(text)}', which is past; choose a later time.`);
}

function readLimits(text: string | undefined): TokenLimits {
  if (text === undefined) return NO_LIMITS;
  const names = Object.keys(NO_LIMITS);
  const limits: Record<string, number> = {};
  for (const part of listIn(text)) {
    const [, name = part, value = ''] = /^([^=]*)=(.*)$/s.exec(part) ?? [];
    if (!names.includes(name))
      throw new StartupError(
        `There is no limit '${excerpt(name)}'; write ${names.map((known) => `${known}=N`).join(', ')}.${didYouMean(name, names)}`,
      );
    if (limits[name] !== undefined) throw new StartupError(`The limit '${name}' is given twice.`);
    limits[name] = readCount(name, value);
  }
  if (Object.keys(limits).length === 0)
    throw new StartupError('--limit is empty; write for example turns=2,requests=60,tokens=1000000.');
  return { ...NO_LIMITS, ...limits };
}

function readCount(name: string, text: string): number {
  const count = Number(text);
  if (/^\d+$/.test(text) && count >= 1 && Number.isSafeInteger(count)) return count;
  throw new StartupError(
    `The limit ${name} is '${excerpt(text)}'; it has to be a whole number from 1 to ${Number.MAX_SAFE_INTEGER}.`,
  );
}

/** Returns the parts of a list with commas. */
function listIn(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
