import { isThisMachine } from './host-rules.ts';

/**
 * Says how a request with an `Origin` header is treated. One that is `shared` is answered, and its page may read the answer. One
 * that is `unshared` is answered, but a browser keeps the answer from the page.
 */
type OriginVerdict = 'shared' | 'unshared' | 'refused';

/** @param isOpen True while the server asks for no token. */
export type JudgeOrigin = (origin: string, isOpen: boolean) => OriginVerdict;

export interface OriginRules {
  /** Origins that are accepted beside pages of this machine; without a list, those of every app. */
  readonly allowedOrigins?: readonly string[] | undefined;
}

/** Returns a function that judges origins; an empty text stands for a request without one. */
export function createOriginRule({ allowedOrigins }: OriginRules): JudgeOrigin {
  const judgeOther = allowedOrigins === undefined ? judgeByScheme : createListRule(allowedOrigins);
  return (text, isOpen) => {
    if (text === '') return 'unshared';
    if (isOpen) return judgeWithoutToken(text);
    const origin = normalize(text);
    return origin !== undefined && isOfThisMachine(origin) ? 'shared' : judgeOther(text);
  };
}

/**
 * Refuses every page, since nothing else keeps one from using the server: pages of this machine too, where any program can
 * serve some, and `null`, which any page can have by a frame in a sandbox. Apps are programs of this machine.
 */
function judgeWithoutToken(text: string): OriginVerdict {
  return text === 'null' || /^https?:/i.test(text) ? 'refused' : 'unshared';
}

function createListRule(allowedOrigins: readonly string[]): (text: string) => OriginVerdict {
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
