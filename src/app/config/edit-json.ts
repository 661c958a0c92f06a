import { isDeepStrictEqual } from 'node:util';
import {
  applyEdits,
  findNodeAtLocation,
  modify,
  parseTree,
  type Edit,
  type FormattingOptions,
} from 'jsonc-parser';

/** A change of one value in a JSON text. */
export interface JsonChange {
  /** Keys and indexes that lead to it; the index -1 adds an element at the end of a list. */
  readonly path: readonly (string | number)[];
  /** Undefined removes it. */
  readonly value: unknown;
}

/**
 * Changes values in a JSON text and leaves everything else in it as it is, order and white space included. Returns undefined if
 * that is not possible, as with a key that an object has twice.
 */
export function editJson(text: string, changes: readonly JsonChange[]): string | undefined {
  return changes.reduce<string | undefined>(
    (edited, change) => (edited === undefined ? undefined : applyChange(edited, change)),
    text,
  );
}

function applyChange(text: string, { path, value }: JsonChange): string | undefined {
  try {
    const isElement = typeof path.at(-1) === 'number';
    const edits =
      isElement && value === undefined
        ? removeElement(text, path)
        : modify(text, [...path], value, formatOf(text));
    const edited = applyEdits(text, edits);
    const expected = withChange(JSON.parse(text), path, value);
    return isDeepStrictEqual(JSON.parse(edited), expected) ? edited : undefined;
  } catch {
    return undefined;
  }
}

/** Returns the edit that takes an element out of a list. The library's own is wrong for the last one of `[1,2]`. */
function removeElement(text: string, path: JsonChange['path']): Edit[] {
  const tree = parseTree(text)!;
  const elements = findNodeAtLocation(tree, path.slice(0, -1))!.children!;
  const place = path.at(-1) as number;
  const [before, own, after] = [elements[place - 1], elements[place]!, elements[place + 1]];
  const start = after === undefined && before ? before.offset + before.length : own.offset;
  const end = after?.offset ?? own.offset + own.length;
  return [{ offset: start, length: end - start, content: '' }];
}

/** Returns the way in which the text is laid out; a text in one line stays in one line. */
function formatOf(text: string): { formattingOptions?: FormattingOptions } {
  const isInOneLine = !text.trim().includes('\n') && !/^\s*\{\s*\}\s*$/.test(text);
  if (isInOneLine) return {};
  const [, indent = '  '] = /\n([ \t]+)\S/.exec(text) ?? [];
  return {
    formattingOptions: {
      insertSpaces: !indent.startsWith('\t'),
      tabSize: indent.startsWith('\t') ? 4 : indent.length,
      eol: text.includes('\r\n') ? '\r\n' : '\n',
    },
  };
}

/** Returns the value with the change in it. Throws if the path leads through something that has no members. */
function withChange(whole: unknown, [step, ...rest]: JsonChange['path'], value: unknown): unknown {
  if (step === undefined) return value;
  if (Array.isArray(whole)) {
    const elements: readonly unknown[] = whole;
    const place = step === -1 ? elements.length : (step as number);
    const element = withChange(elements[place], rest, value);
    return elements.toSpliced(place, 1, ...(element === undefined ? [] : [element]));
  }
  if (typeof whole !== 'object' && whole !== undefined) throw new TypeError('no members');
  const { [step]: before, ...others } = (whole ?? {}) as Record<string, unknown>;
  const member = withChange(before, rest, value);
  return member === undefined ? others : { ...others, [step]: member };
}
