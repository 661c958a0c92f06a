import { UnreadableReportError } from './test-results.ts';

/** A part of an XML document; an empty element is a start and an end. */
export type XmlPart =
  | { readonly kind: 'start'; readonly name: string; readonly attributes: Readonly<Record<string, string>> }
  | { readonly kind: 'end'; readonly name: string }
  | { readonly kind: 'text'; readonly text: string };

/** Characters of a text or a value: the rest of a longer one is left out. */
const MAX_TEXT_CHARACTERS = 64_000;

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** Sections that begin and end with something of their own. */
const SECTIONS = [
  ['<!--', '-->'],
  ['<![CDATA[', ']]>'],
  ['<?', '?>'],
] as const;

/**
 * Reads an XML document part by part. It knows no entities but the five of XML, and refuses a document type: nothing in a document
 * can grow, or name a file.
 */
export function* readXml(text: string): Generator<XmlPart, void, undefined> {
  let offset = text.startsWith('\uFEFF') ? 1 : 0;
  while (offset < text.length) {
    const tag = text.indexOf('<', offset);
    const end = tag === -1 ? text.length : tag;
    if (end > offset) yield { kind: 'text', text: decode(text.slice(offset, end)) };
    if (tag === -1) return;
    const section = SECTIONS.find(([begin]) => text.startsWith(begin, tag));
    if (section === undefined) offset = yield* readTag(text, tag);
    else {
      const [begin, finish] = section;
      const close = indexOf(text, finish, tag + begin.length);
      if (begin === '<![CDATA[') yield { kind: 'text', text: text.slice(tag + begin.length, close) };
      offset = close + finish.length;
    }
  }
}

const TAG = /<(\/?)([\w:.-]+)((?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>/y;
const ATTRIBUTE = /([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

function* readTag(text: string, start: number): Generator<XmlPart, number, undefined> {
  TAG.lastIndex = start;
  const [whole, slash, name, attributes = '', empty] = TAG.exec(text) ?? [];
  if (whole === undefined || name === undefined) {
    throw new UnreadableReportError(text.startsWith('<!', start) ? 'has a document type' : 'is not XML');
  }
  if (slash === '/') yield { kind: 'end', name };
  else yield { kind: 'start', name, attributes: readAttributes(attributes) };
  if (empty === '/') yield { kind: 'end', name };
  return start + whole.length;
}

function readAttributes(text: string): Record<string, string> {
  return Object.fromEntries(
    Array.from(text.matchAll(ATTRIBUTE), ([, name = '', double, single]) => [
      name,
      decode(double ?? single ?? ''),
    ]),
  );
}

function indexOf(text: string, mark: string, start: number): number {
  const found = text.indexOf(mark, start);
  if (found === -1) throw new UnreadableReportError('is not complete');
  return found;
}

function decode(text: string): string {
  return text
    .slice(0, MAX_TEXT_CHARACTERS)
    .replaceAll(/&(?:#(\d{1,7})|#x([\da-fA-F]{1,6})|([a-z]{1,8}));/g, (whole, decimal, hex, name) => {
      if (name !== undefined) return ENTITIES[name] ?? whole;
      const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
      return code > 0x10ffff ? whole : String.fromCodePoint(code);
    });
}
