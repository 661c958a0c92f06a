/** Elements that hide, strike out or move what comes after them until they are closed. */
const LASTING = `
  a audio button canvas code del details dialog iframe math noembed noframes noscript object plaintext pre rp ruby
  s script select small strike style sub summary sup svg template textarea title tt video xmp`
  .trim()
  .split(/\s+/);

const LASTING_TAG = new RegExp(`<(${LASTING.join('|')})(?![\\w-])`, 'gi');

/** A line that begins or ends a block of code, also in a list or a quotation. */
const ANY_FENCE = /^[ \t>*+\-\d.)]*(?:`{3}|~{3})/;
const FENCE = /^(?:(`{3,})[^`]*|(~{3,}).*)$/;

/** Places where HTML may begin without a check by Markdown: at the beginning of a line, also in a list or a quotation. */
const BLOCK = /^[ \t>*+\-\d.)]*<[a-z/]|<[!?]/im;

/** A complete tag, as Markdown and HTML read it alike. */
const ATTRIBUTE = String.raw`\s+[a-z_:][\w.:-]*(?:\s*=\s*(?:[^\s"'=<>\x60]+|'[^']*'|"[^"]*"))?`;
const TAG = new RegExp(String.raw`^(?:<[a-z][a-z\d-]*(?:${ATTRIBUTE})*\s*/?>|</[a-z][a-z\d-]*\s*>)`, 'i');
const LINK = /^<[a-z][\w+.-]*[:@][^\s<>"'`]*>/i;
const MAX_TAG = 2_000;
/** Ends a tag or comment, for Markdown. */
const EMPTY_LINE = /\n[ \t]*\n/;

/**
 * Closes what a text in Markdown leaves open: code, comments, tags, and elements such as `<details>`. What is added after it is
 * shown as if it were alone. A tag or comment that has no end becomes text.
 */
export function closeMarkup(given: string): string {
  // The end that was added when the same body was composed before.
  const text = given.replace(/(?:\n\n?<!--\n(?:`{3,}|~{3,})\n-->){1,2}$/, '');
  const { outside, end } = splitCode(text);
  if (!BLOCK.test(outside)) return [text, end, closers(outside)].filter(Boolean).join('\n');
  // Code is not certain to differ from HTML here, so that all of it is taken for HTML.
  const safe = text.replaceAll(/<(?=[a-z/!?])/gi, (sign, at: number) => {
    const isAtEdge = at === 0 || text[at - 1] === '\n';
    return isComplete(text.slice(at, at + MAX_TAG), isAtEdge) ? sign : '&lt;';
  });
  return [safe, endOfAnyFence(text), closers(safe)].filter(Boolean).join('\n');
}

/** Returns a text without its blocks of code, and what ends one that is not closed. */
function splitCode(text: string): { readonly outside: string; readonly end?: string | undefined } {
  const lines = text.split('\n');
  // A fence that is not at the left edge may belong to a list, and end with it.
  if (lines.some((line) => ANY_FENCE.test(line) && !/^[`~]/.test(line))) {
    return { outside: text, end: endOfAnyFence(text) };
  }
  const outside: string[] = [];
  let openFence: string | undefined;
  for (const line of lines) {
    if (openFence === undefined) {
      const [, backticks, tildes] = FENCE.exec(line) ?? [];
      openFence = backticks ?? tildes;
      if (openFence === undefined) outside.push(line);
    } else if (line.startsWith(openFence) && line.trimEnd().replaceAll(openFence[0]!, '') === '') {
      openFence = undefined;
    }
  }
  return { outside: outside.join('\n'), end: openFence };
}

/**
 * Returns what ends a block of code if one is open, and is not seen if none is: then each fence is in a comment. A fence at most
 * three spaces from the left edge may be open, unless it belongs to a list.
 */
function endOfAnyFence(text: string): string {
  const fences = [...text.matchAll(/^ {0,3}(`{3,}|~{3,})/gm)].map(([, fence = '']) => fence);
  const ends = ['`', '~'].flatMap((sign) => {
    const own = fences.filter((fence) => fence.startsWith(sign));
    return own.length === 0 ? [] : [sign.repeat(Math.max(...own.map(({ length }) => length)))];
  });
  return ends.map((end) => `\n<!--\n${end}\n-->`).join('');
}

/**
 * Returns true if markup surely ends within its text. A comment in a list or a quotation ends with that for Markdown, but not for
 * HTML, so that it has to end in its line. Instructions and declarations end at another place for each of them.
 */
function isComplete(markup: string, isAtEdge: boolean): boolean {
  if (markup.startsWith('<!--')) {
    const end = markup.indexOf('-->', 4);
    return end !== -1 && !(isAtEdge ? EMPTY_LINE : /\n/).test(markup.slice(0, end));
  }
  if (/^<[!?]/.test(markup)) return false;
  const tag = TAG.exec(markup)?.[0];
  return tag === undefined ? LINK.test(markup) : !EMPTY_LINE.test(tag);
}

/** Returns the end tags of all elements that may be open; HTML ignores those of others. */
function closers(text: string): string {
  const tags = [...text.matchAll(LASTING_TAG)].map(([, name = '']) => `</${name.toLowerCase()}>`);
  return tags.length === 0 ? '' : `\n${tags.toReversed().join('')}`;
}
