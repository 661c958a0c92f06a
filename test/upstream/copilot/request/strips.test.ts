import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../src/base/json.ts';
import { runCount } from '../../../support/run-count.ts';
import { prepare } from './prepare.ts';

const META = 'client_metadata.x-codex-turn-metadata';

/** The text that is left of a body, and the names of the things that were taken out. */
async function cut(text: string): Promise<[text: string, stripped: readonly string[]]> {
  const { body, stripped } = await prepare({ body: Buffer.from(text) });
  return [body.toString(), stripped];
}

describe('a body without anything to take out', () => {
  it.each([
    '{"model":"gpt-5.5","input":"hi","tools":[{"type":"function","name":"web_search"}]}',
    '{"tools":[{"type":"namespace","name":"web_search","tools":[{"type":"web_search"}]}]}',
    '{"tools":[],"tool_choice":"auto","client_metadata":{"x-codex-window-id":"1"}}',
    '{"tool_choice":{"type":"function","name":"web_search"}}',
    '{"tools":[{"type":"my_web_search"},{"type":5},"web_search",null]}',
    '{"input":[{"type":"message","tools":[{"type":"web_search"}]}]}',
    '{"metadata":{"x-codex-turn-metadata":"a"},"x-codex-turn-metadata":"b"}',
    '{"client_metadata":[{"x-codex-turn-metadata":"a"}],"tools":{"0":{"type":"web_search"}}}',
    '{"client_metadata":{"a":{"x-codex-turn-metadata":"b"}}}',
    '[{"tools":[{"type":"web_search"}]}]',
    '{"tools":[{"type":"web_search","type":"function"}]}',
    '{"input":"{\\"tools\\":[{\\"type\\":\\"web_search\\"}]}"}',
  ])('is the very same buffer: %s', async (text) => {
    const body = Buffer.from(text);
    const prepared = await prepare({ body });
    expect(prepared.body).toBe(body);
    expect(prepared.stripped).toEqual([]);
  });
});

describe('what is taken out of a body, and nothing else', () => {
  it.each([
    ['the only tool', '{"tools":[ {"type":"web_search"} ] }', '{"tools":[  ] }'],
    ['the first tool', '{"tools":[{"type":"web_search"} , {"type":"a"}]}', '{"tools":[{"type":"a"}]}'],
    ['the last tool', '{"tools":[{"type":"a"} , {"type":"web_search"}\n]}', '{"tools":[{"type":"a"}\n]}'],
    [
      'a tool in the middle',
      '{"tools":[{"type":"a"}, {"type":"web_search_preview", "x":[1]} ,{"type":"b"}]}',
      '{"tools":[{"type":"a"} ,{"type":"b"}]}',
    ],
    [
      'several tools',
      '{"tools":[{"type":"web_search"},{"type":"web_search"},1,{"type":"web_search"},{"type":"web_search"}]}',
      '{"tools":[1]}',
    ],
    ['a tool whose type is escaped', '{"tools":[{"ty\\u0070e":"web\\u005fsearch"},1]}', '{"tools":[1]}'],
    ['a tool below an escaped key', '{"\\u0074ools":[{"type":"web_search"}]}', '{"\\u0074ools":[]}'],
    ['a tool whose last type counts', '{"tools":[{"type":"a","type":"web_search"}]}', '{"tools":[]}'],
    [
      'tools of additional_tools, wherever its type comes',
      '{"input":[{"tools":[{"type":"web_search"},2],"type":"additional_tools"},{"type":"additional_tools","tools":[{"type":"web_search"}]}]}',
      '{"input":[{"tools":[2],"type":"additional_tools"},{"type":"additional_tools","tools":[]}]}',
    ],
    ['tool_choice alone', '{ "tool_choice" : {"type":"web_search"} }', '{  }'],
    ['tool_choice first', '{"tool_choice":{"type":"web_search"}, "a":1.0}', '{"a":1.0}'],
    ['tool_choice last', '{"a":1e2,"tool_choice":{"type":"web_search_preview_2025_03_11"}}', '{"a":1e2}'],
    [
      'every tool_choice if the last one is for searching the web',
      '{"tool_choice":"auto","a":[1, 2],"tool_choice":{"type":"web_search"}}',
      '{"a":[1, 2]}',
    ],
  ])('%s', async (_name, text, expected) => {
    expect(await cut(text)).toEqual([expected, ['web_search']]);
  });

  it.each([
    ['alone', '{"client_metadata": {"x-codex-turn-metadata":"{}"} }', '{"client_metadata": {} }'],
    [
      'first',
      '{"client_metadata":{"x-codex-turn-metadata":{"a":[1,2]},"b":1}}',
      '{"client_metadata":{"b":1}}',
    ],
    ['last', '{"client_metadata":{"b":1, "x-codex-turn-metadata":null}}', '{"client_metadata":{"b":1}}'],
    [
      'under an escaped key',
      '{"client_metadata":{"x-codex\\u002dturn-metadata":1,"b":-0.0}}',
      '{"client_metadata":{"b":-0.0}}',
    ],
    [
      'more than once',
      '{"client_metadata":{"x-codex-turn-metadata":1,"x-codex-turn-metadata":2},"client_metadata":{"x-codex-turn-metadata":3}}',
      '{"client_metadata":{},"client_metadata":{}}',
    ],
  ])('the metadata of the turn, %s', async (_name, text, expected) => {
    expect(await cut(text)).toEqual([expected, [META]]);
  });

  it('both at once, with bytes that are not UTF-8 kept', async () => {
    const text =
      '{"tools":[{"type":"web_search"}],"a":"\xff\xfe","client_metadata":{"x-codex-turn-metadata":"\xff"}}';
    const prepared = await prepare({ body: Buffer.from(text, 'latin1') });
    expect(prepared.body.toString('latin1')).toBe('{"tools":[],"a":"\xff\xfe","client_metadata":{}}');
    expect(prepared.stripped).toEqual(['web_search', META]);
  });

  it('is left in by `stripWebSearch: false` and `stripTurnMetadata: false`, each for its own', async () => {
    const text = '{"tools":[{"type":"web_search"}],"client_metadata":{"x-codex-turn-metadata":1}}';
    const body = Buffer.from(text);
    const withSearch = await prepare({ body }, { stripWebSearch: false });
    expect(withSearch.body.toString()).toBe('{"tools":[{"type":"web_search"}],"client_metadata":{}}');
    const withMetadata = await prepare({ body }, { stripTurnMetadata: false });
    expect(withMetadata.body.toString()).toBe('{"tools":[],"client_metadata":{"x-codex-turn-metadata":1}}');
    const withBoth = await prepare({ body }, { stripWebSearch: false, stripTurnMetadata: false });
    expect(withBoth.body).toBe(body);
  });
});

const type = fc.constantFrom('web_search', 'web_search_preview', 'function', 'namespace', 'message', 'user');
const key = fc.constantFrom('type', 'name', 'tools', 'x-codex-turn-metadata', 'role', 'a');
const scalar = fc.oneof(type, fc.constantFrom(0, -1.5, 1e30, true, null, '', 'é"\\\n'));
const tool = fc.oneof(scalar, fc.array(scalar), fc.dictionary(key, scalar, { noNullPrototype: true }));
const tools = fc.array(tool, { maxLength: 5 });
const item = fc.record({
  type: fc.constantFrom('additional_tools', 'message'),
  tools: fc.oneof(tools, scalar),
});
const request = fc.record(
  {
    model: scalar,
    tools: fc.oneof(tools, scalar),
    input: fc.oneof(fc.array(fc.oneof(item, tool), { maxLength: 4 }), scalar),
    tool_choice: fc.oneof(tool, scalar),
    client_metadata: fc.oneof(fc.dictionary(key, tool, { noNullPrototype: true }), tools, scalar),
    other: fc.jsonValue(),
  },
  { requiredKeys: [], noNullPrototype: true },
);

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isSearch = (value: unknown) =>
  isObject(value) && typeof value.type === 'string' && value.type.startsWith('web_search');

const withoutSearch = (value: unknown) =>
  Array.isArray(value) ? value.filter((entry) => !isSearch(entry)) : value;

/** Takes out of the parsed value what has to be cut out of its text. */
function strip(parsed: unknown): unknown {
  if (!isObject(parsed)) return parsed;
  const entries = Object.entries(parsed)
    .filter(([name, value]) => name !== 'tool_choice' || !isSearch(value))
    .map(([name, value]): [string, unknown] => {
      if (name === 'tools') return [name, withoutSearch(value)];
      if (name === 'client_metadata' && isObject(value)) {
        return [
          name,
          Object.fromEntries(Object.entries(value).filter(([at]) => at !== 'x-codex-turn-metadata')),
        ];
      }
      if (name !== 'input' || !Array.isArray(value)) return [name, value];
      return [name, value.map(stripItem)];
    });
  return Object.fromEntries(entries);
}

function stripItem(value: unknown): unknown {
  if (!isObject(value) || value.type !== 'additional_tools') return value;
  return 'tools' in value ? { ...value, tools: withoutSearch(value.tools) } : value;
}

/** Spells a value as JSON with white space, escapes in strings, and members that a later one of the same key replaces. */
function spell(value: unknown, next: () => number): string {
  const space = () => [' ', '', '\n\t', ''][next() % 4]!;
  const between = (parts: string[]) => parts.map((part) => `${space()}${part}${space()}`).join(',');
  if (Array.isArray(value)) return `[${between(value.map((entry) => spell(entry, next))) || space()}]`;
  if (typeof value === 'string')
    return `"${Array.from(value, (letter) => spellLetter(letter, next)).join('')}"`;
  if (!isObject(value)) return JSON.stringify(value);
  const member = (name: string, text: string) => `${spell(name, next)}${space()}:${space()}${text}`;
  const names = Object.keys(value);
  const replaced = names.filter(() => next() % 5 === 0);
  const earlier = replaced.map((name) => member(name, REPLACED[next() % REPLACED.length]!));
  return `{${between([...earlier, ...names.map((name) => member(name, spell(value[name], next)))]) || space()}}`;
}

const REPLACED = [
  '0',
  '"web_search"',
  '{"type":"web_search"}',
  '[{"type":"web_search"}]',
  '{"x-codex-turn-metadata":1}',
];

function spellLetter(letter: string, next: () => number): string {
  const isPlain = next() % 8 !== 0 || letter.length > 1;
  return isPlain
    ? JSON.stringify(letter).slice(1, -1)
    : `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

describe('cutting bytes', () => {
  it('gives the text of the value without what was taken out', async () => {
    await fc.assert(
      fc.asyncProperty(request, async (value) => {
        const text = JSON.stringify(value);
        const expected = JSON.stringify(strip(JSON.parse(text)));
        const prepared = await prepare({ body: Buffer.from(text) });
        expect(prepared.body.toString()).toBe(expected);
        expect(prepared.stripped.length > 0).toBe(text !== expected);
      }),
      runCount(200),
    );
  });

  it('means the same in every spelling, with repeated keys as JSON.parse reads them', async () => {
    await fc.assert(
      fc.asyncProperty(request, fc.infiniteStream(fc.nat()), async (value, numbers) => {
        const text = spell(value, () => numbers.next().value as number);
        const body = Buffer.from(text);
        const prepared = await prepare({ body });
        expect(JSON.parse(prepared.body.toString())).toEqual(strip(JSON.parse(text)));
        if (prepared.stripped.length === 0) expect(prepared.body).toBe(body);
      }),
      runCount(200),
    );
  });
});
