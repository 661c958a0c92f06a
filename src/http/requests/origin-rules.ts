import { isThisMachine } from './host-rules.ts';

/**
 * Says how a request with an `Origin` header is treated. One that is `shared` is answered, and its page may read the answer. One
 * that is `unshared` is answered, but a browser keeps the answer from the page.
 */
type OriginVerdict = 'shared' | 'unshared' | 'refused';

export type JudgeOrigin = (origin: string) => OriginVerdict;

export interface OriginRules {
  /** Origins that are accepted beside pages of this machine; without a list, those of every app. */
  readonly allowedOrigins?: readonly string[] | undefined;
  /** True for a server without a token, which refuses the origin `null`: any web page can have it, by a frame in a sandbox. */
  readonly isOpen?: boolean;
}

/** Returns a function that judges origins; an empty text stands for a request without one. */
export function createOriginRule({ allowedOrigins, isOpen = false }: OriginRules): JudgeOrigin {
  const judgeOther = allowedOrigins === undefined ? judgeByScheme : createListRule(allowedOrigins);
  return (text) => {
    if (text === '') return 'unshared';
    if (text === 'null' && isOpen) return 'refused';
    const origin = normalize(text);
    return origin !== undefined && isOfThisMachine(origin) ? 'shared' : judgeOther(text);
  };
}

function createListRule(allowedOrigins: readonly string[]): JudgeOrigin {
  const allowed = allowedOrigins.map(parseOriginEntry);
  return (text) => {
    const origin = normalize(text);
    return origin !== undefined && allowed.some((matches) => matches?.(origin)) ? 'shared' : 'refused';
  };
}

/** Accepts apps. A page from a file has the origin `null`, so its requests are answered as those of other programs. */
function judgeByScheme(text: string): OriginVerdict {
  if (/^https?:/i.test(text)) return 'refused';
  const origin = normalize(text);
  return origin === undefined || origin === 'null' ? 'unshared' : 'shared';
}

/**
 * Returns a function that says if an origin, in its normal form, is meant by an entry of `allowedOrigins`: an origin such as
 * `https://app.example`, or all origins of a scheme of apps, such as `app://*`. Undefined for any other text.
 */
export function parseOriginEntry(entry: string): ((origin: string) => boolean) | undefined {
  const scheme = /^([a-z][a-z\d+.-]*:\/\/)\*$/i.exec(entry)?.[1]?.toLowerCase();
  if (scheme !== undefined) {
    return /^https?:/.test(scheme) ? undefined : (origin) => origin.startsWith(scheme);
  }
  const wanted = entry.includes('*') ? undefined : normalize(entry.replace(/(?<=[^/])\/$/, ''));
  return wanted === undefined ? undefined : (origin) => origin === wanted;
}

/** Returns an origin in lower case and without the usual port of its scheme; undefined for a text that is not an origin. */
function normalize(text: string): string | undefined {
  if (text === 'null') return text;
  if (!/^[a-z][a-z\d+.-]*:\/\/[^\s/?#@\\,]*$/i.test(text)) return undefined;
  return /^https?:/i.test(text) ? URL.parse(text)?.origin : text.toLowerCase();
}

function isOfThisMachine(origin: string): boolean {
  return /^https?:/.test(origin) && isThisMachine(URL.parse(origin)?.hostname ?? '');
}
