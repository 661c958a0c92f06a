import { isDeepStrictEqual } from 'node:util';
import { applyEdits, findNodeAtLocation, parseTree, type Edit, type Node } from 'jsonc-parser';
import { findGap, layoutOf, writeJson, type Layout } from './json-layout.ts';

/** A change of one value in a JSON text. */
export interface JsonChange {
  /** Keys and indexes that lead to it; the index -1 adds an element at the end of a list. */
  readonly path: readonly (string | number)[];
  /** Undefined removes it. */
  readonly value: unknown;
}

/**
 * Changes values in a JSON text and leaves each other byte of it as it is. Returns undefined if that is not possible, as with a
 * key that an object has twice.
 */
export function editJson(text: string, changes: readonly JsonChange[]): string | undefined {
  return changes.reduce<string | undefined>(
    (edited, change) => (edited === undefined ? undefined : applyChange(edited, change)),
    text,
  );
}

function applyChange(text: string, { path, value }: JsonChange): string | undefined {
  try {
    const before: unknown = JSON.parse(text);
    const expected = withChange(before, path, value);
    if (isDeepStrictEqual(before, expected)) return text;
    const edited = applyEdits(text, [findEdit(text, path, value)]);
    return isDeepStrictEqual(JSON.parse(edited), expected) ? edited : undefined;
  } catch {
    return undefined;
  }
}

/** Returns the edit that makes a change. Throws if the path leads through a value that has no members. */
function findEdit(text: string, path: JsonChange['path'], value: unknown): Edit {
  const root = parseTree(text)!;
  const node = findNodeAtLocation(root, [...path]);
  if (value === undefined) return remove(node!);
  const layout = layoutOf(text);
  if (node !== undefined) return replace(text, node, value, layout);
  // Missing objects that lead to the value are made with it.
  let depth = path.length - 1;
  while (findNodeAtLocation(root, path.slice(0, depth)) === undefined) depth -= 1;
  const [step, ...rest] = path.slice(depth);
  const made = rest.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value);
  return add(text, findNodeAtLocation(root, path.slice(0, depth))!, { step: step!, value: made }, layout);
}

/** Returns the edit that takes a member or an element out, with the comma that belongs to it. */
function remove(node: Node): Edit {
  const own = node.parent?.type === 'property' ? node.parent : node;
  const parent = own.parent!;
  const siblings = parent.children!;
  const place = siblings.indexOf(own);
  const [before, after] = [siblings[place - 1], siblings[place + 1]];
  if (after !== undefined) return cut(own.offset, after.offset);
  if (before !== undefined) return cut(endOf(before), endOf(own));
  return cut(parent.offset + 1, endOf(parent) - 1);
}

function cut(start: number, end: number): Edit {
  return { offset: start, length: end - start, content: '' };
}

function replace(text: string, node: Node, value: unknown, layout: Layout): Edit {
  const { offset, length } = node;
  const isContainer = node.type === 'object' || node.type === 'array';
  const isEmpty = isContainer && node.children!.length === 0;
  const old = text.slice(offset, offset + length);
  const isInLines = isContainer && !isEmpty ? old.includes('\n') : layout.isInLines;
  return { offset, length, content: writeJson(value, { ...layout, isInLines }, indentAt(text, offset)) };
}

/** Returns the edit that adds a member or an element behind the last one. */
function add(text: string, parent: Node, member: Member, layout: Layout): Edit {
  if (parent.type !== 'object' && parent.type !== 'array') throw new TypeError('no members');
  const isList = parent.type === 'array';
  const last = parent.children!.at(-1);
  if (last === undefined) {
    const all = isList ? [member.value] : { [member.step]: member.value };
    const content = writeJson(all, layout, indentAt(text, parent.offset));
    return { offset: parent.offset, length: parent.length, content };
  }
  const gap = findGap(text, parent, layout);
  const isInLines = gap.includes('\n') && !(isList && isObjectInLine(text, last));
  const value = writeJson(member.value, { ...layout, isInLines }, /[ \t]*$/.exec(gap)![0]);
  const key = isList ? '' : `${JSON.stringify(member.step)}:${isTight(text, last) ? '' : ' '}`;
  return { offset: endOf(last), length: 0, content: `,${gap}${key}${value}` };
}

/** A member of an object with its key, or an element of a list. */
interface Member {
  readonly step: string | number;
  readonly value: unknown;
}

/** Returns true for an object in one line: the next element of its list then looks like it. */
function isObjectInLine(text: string, { type, offset, length }: Node): boolean {
  return type === 'object' && !text.slice(offset, offset + length).includes('\n');
}

/** Returns true if there is no space between the key and the value of a member. */
function isTight(text: string, { children, colonOffset }: Node): boolean {
  return colonOffset !== undefined && text.slice(colonOffset + 1, children![1]!.offset) === '';
}

/** Returns the white space at the beginning of the line in which a place is. */
function indentAt(text: string, place: number): string {
  const start = text.lastIndexOf('\n', place - 1) + 1;
  return /^[ \t]*/.exec(text.slice(start, place))![0];
}

function endOf({ offset, length }: Node): number {
  return offset + length;
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
