import { readScriptTokens, type ScriptToken } from './script-tokens.ts';

/** Words by which a script could reach the tools, or change what they are given, without naming either. */
const FORBIDDEN =
  /^(?:__.*|arguments|constructor|eval|Function|globalThis|import|prototype|Proxy|Reflect|super|this|toJSON|with|.*permissions.*)$/;

/** The parts of these that are of no use for that. */
const MEMBERS: Readonly<Record<string, RegExp>> = {
  Object: /^(?:entries|keys|values)$/,
  JSON: /^(?:parse|stringify)$/,
};

/** Words that cannot be the name of a value. */
const RESERVED =
  /^(?:async|await|break|case|catch|class|const|continue|default|delete|do|else|extends|finally|for|function|if|in|instanceof|let|new|return|static|switch|throw|try|typeof|var|void|while|yield)$/;

/** Reserved words that an array can follow. */
const BEFORE_ARRAY = /^(?:await|case|const|delete|else|in|instanceof|let|return|throw|typeof|var|void)$/;

const KEY = /^[a-z]+(?:_[a-z]+)*$/;

/**
 * Returns true for a script of the model that can start commands in the sandbox only: it calls the tool by its name, with an
 * object of plain keys that is written in the call itself. Everything that is not known to be harmless counts as not plain.
 */
export function isPlainScript(script: string): boolean {
  const tokens = readScriptTokens(script);
  return tokens?.every((token, index) => isPlain(token, index, tokens)) ?? false;
}

function isPlain({ type, text }: ScriptToken, index: number, tokens: readonly ScriptToken[]): boolean {
  if (type === 'string') return isOther(tokens[index + 1], ':') ? isPlainKey(text) : true;
  if (type === 'word') return isPlainWord(text, index, tokens);
  if (text === '[') return isPlainBracket(index, tokens);
  // A member whose name is computed.
  return text !== ']' || !isOther(tokens[index + 1], ':');
}

/** Returns true for a string that names a part of an object. */
function isPlainKey(text: string): boolean {
  return !text.includes('\\') && !FORBIDDEN.test(text);
}

function isPlainWord(text: string, index: number, tokens: readonly ScriptToken[]): boolean {
  if (FORBIDDEN.test(text)) return false;
  const [before, next] = [tokens[index - 1], tokens[index + 1]];
  if (text === 'tools') return !isOther(before, '.') && isCallOf(/./, index, tokens);
  if (text === 'exec_command') return isPlainCall(index, tokens);
  if (text === 'of') return isOfLoop(before, next);
  const members = Object.hasOwn(MEMBERS, text) ? MEMBERS[text] : undefined;
  if (members !== undefined) return isCallOf(members, index, tokens);
  // Other names of the tool that runs commands.
  return !isMemberOfTools(index, tokens) || !/exec|shell/.test(text);
}

/** Returns true for `name.member(`. */
function isCallOf(members: RegExp, index: number, tokens: readonly ScriptToken[]): boolean {
  const [dot, member, bracket] = [1, 2, 3].map((offset) => tokens[index + offset]);
  return isOther(dot, '.') && member?.type === 'word' && members.test(member.text) && isOther(bracket, '(');
}

function isMemberOfTools(index: number, tokens: readonly ScriptToken[]): boolean {
  return isOther(tokens[index - 1], '.') && tokens[index - 2]?.text === 'tools';
}

/** Returns true for `of` in the head of a loop, so that it is not the name of a value. */
function isOfLoop(before: ScriptToken | undefined, next: ScriptToken | undefined): boolean {
  const isAfterName = before?.type === 'word' && !RESERVED.test(before.text);
  return (isAfterName || isOther(before, ']', '}')) && !isOther(next, '=', ',', ')', '}', ':', ';');
}

/** Returns true for the beginning of a list, or of the number of one of its elements. */
function isPlainBracket(index: number, tokens: readonly ScriptToken[]): boolean {
  const [before, next, end] = [-1, 1, 2].map((offset) => tokens[index + offset]);
  if (next?.type === 'word' && /^\d+$/.test(next.text) && isOther(end, ']')) return true;
  if (before?.type === 'word') return BEFORE_ARRAY.test(before.text) || before.text === 'of';
  return before?.type !== 'string' && !isOther(before, ')', ']', '}', '`', '.', '/pattern/');
}

/** Returns true for the name of the tool in `tools.exec_command({ key: value, … })`. */
function isPlainCall(index: number, tokens: readonly ScriptToken[]): boolean {
  if (!isMemberOfTools(index, tokens) || !isOther(tokens[index + 1], '(')) return false;
  if (!isOther(tokens[index + 2], '{')) return false;
  let at: number | undefined = index + 3;
  while (at !== undefined && !isOther(tokens[at], '}')) at = endOfPart(at, tokens);
  if (at === undefined) return false;
  return isOther(tokens[isOther(tokens[at + 1], ',') ? at + 2 : at + 1], ')');
}

/** Returns the index of the token after a part of an object and its comma; undefined for any but a plain one. */
function endOfPart(start: number, tokens: readonly ScriptToken[]): number | undefined {
  const key = tokens[start];
  if (key === undefined || key.type === 'other' || !KEY.test(key.text)) return undefined;
  const hasValue = isOther(tokens[start + 1], ':');
  if (!hasValue && key.type === 'string') return undefined;
  const end = hasValue ? endOfValue(start + 2, tokens) : start + 1;
  if (isOther(tokens[end], ',')) return end + 1;
  return isOther(tokens[end], '}') ? end : undefined;
}

/** Returns the index of the token after a value in an object. */
function endOfValue(start: number, tokens: readonly ScriptToken[]): number {
  let depth = 0;
  for (let at = start; at < tokens.length; at += 1) {
    if (depth === 0 && isOther(tokens[at], ',', '}')) return at;
    if (isOther(tokens[at], '(', '[', '{')) depth += 1;
    if (isOther(tokens[at], ')', ']', '}')) depth -= 1;
  }
  return tokens.length;
}

function isOther(token: ScriptToken | undefined, ...texts: readonly string[]): boolean {
  return token?.type === 'other' && texts.includes(token.text);
}
