/** A token of a script; the parts of a template come between `\u0060` and `\u0060`, each substitution in parentheses. */
export interface ScriptToken {
  readonly type: 'word' | 'string' | 'other';
  /** For a string, what is between its quotes, as it is written. */
  readonly text: string;
}

const BLANK = /(?:\s|\/\/[^\n\r\u2028\u2029]*|\/\*[^]*?\*\/)+/y;
const WORD = /[\p{ID_Start}$_\d][\p{ID_Continue}$\u200c\u200d]*/uy;
const STRING = /"(?:[^"\\\n\r]|\\[^])*"|'(?:[^'\\\n\r]|\\[^])*'/y;
const PATTERN = /\/(?:[^/\\[\n\r\u2028\u2029]|\\.|\[(?:[^\]\\\n\r\u2028\u2029]|\\.)*\])+\/[a-z]*/y;
const TEMPLATE_TEXT = /(?:[^`\\$]|\\[^]|\$(?!\{))*/y;

/** Signs that mean something else than their characters say, or that only a text contains. */
const UNCLEAR_SIGN = /^(?:[\\#@"']|<!--|-->)/;

/** Text of the token of a pattern. */
const AFTER_PATTERN = '/pattern/';

/** Words after which a slash may begin a pattern. */
const BEFORE_VALUE =
  /^(?:await|case|delete|do|else|extends|in|instanceof|new|of|return|throw|typeof|void|yield)$/;

/** Splits a script into tokens. Returns undefined if it is not certain where one begins or ends. */
export function readScriptTokens(script: string): readonly ScriptToken[] | undefined {
  const reader = new ScriptReader(script);
  return reader.readAll() ? reader.tokens : undefined;
}

class ScriptReader {
  readonly tokens: ScriptToken[] = [];
  readonly #script: string;
  /** The brackets that are open; `$` stands for the substitution of a template. */
  readonly #open: string[] = [];
  #at = 0;

  constructor(script: string) {
    this.#script = script;
  }

  readAll(): boolean {
    while (this.#at < this.#script.length) {
      if (this.#take(BLANK) === undefined && !this.#readWord() && !this.#readSign()) return false;
    }
    return this.#open.length === 0;
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#script)?.[0];
    this.#at += found?.length ?? 0;
    return found;
  }

  #add(type: ScriptToken['type'], text: string): true {
    this.tokens.push({ type, text });
    return true;
  }

  #readWord(): boolean {
    const word = this.#take(WORD);
    if (word !== undefined) return this.#add('word', word);
    const string = this.#take(STRING);
    return string !== undefined && this.#add('string', string.slice(1, -1));
  }

  /** Returns false for a sign that could mean several things. */
  #readSign(): boolean {
    const sign = this.#script[this.#at]!;
    if (sign === '/' && mayBePattern(this.tokens)) return this.#readPattern();
    if (UNCLEAR_SIGN.test(this.#script.slice(this.#at, this.#at + 4))) return false;
    this.#at += 1;
    if (/[)\]}]/.test(sign)) return this.#closeBracket(sign);
    if (/[([{]/.test(sign)) this.#open.push(sign);
    this.#add('other', sign);
    return sign !== '`' || this.#readTemplateText();
  }

  #readPattern(): boolean {
    return !isUnclear(this.tokens) && this.#take(PATTERN) !== undefined && this.#add('other', AFTER_PATTERN);
  }

  #closeBracket(sign: string): boolean {
    const opened = this.#open.pop();
    if (sign !== '}' || opened !== '$') return opened === OPENING[sign] && this.#add('other', sign);
    this.#add('other', ')');
    return this.#readTemplateText();
  }

  /** Reads the text of a template up to its end or the next substitution. */
  #readTemplateText(): boolean {
    this.#take(TEMPLATE_TEXT);
    if (this.#take(/`/y) !== undefined) return this.#add('other', '`');
    if (this.#take(/\$\{/y) === undefined) return false;
    this.#open.push('$');
    return this.#add('other', '(');
  }
}

const OPENING: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };

/** Returns false if a slash after these tokens divides. */
function mayBePattern(tokens: readonly ScriptToken[]): boolean {
  const last = tokens.at(-1);
  if (last?.type === 'word') return BEFORE_VALUE.test(last.text);
  return last?.type !== 'string' && last?.text !== ']' && last?.text !== '`' && last?.text !== AFTER_PATTERN;
}

/** Returns true if a slash after these tokens may divide as well. */
function isUnclear(tokens: readonly ScriptToken[]): boolean {
  const [before = '', last = ''] = [tokens.at(-2)?.text, tokens.at(-1)?.text];
  return tokens.at(-1)?.type === 'word' || [')', '}'].includes(last) || /^(?:\+\+|--)$/.test(before + last);
}
