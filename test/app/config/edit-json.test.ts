import fc from 'fast-check';
import { expect, it } from 'vitest';
import { editJson, type JsonChange } from '../../../src/app/config/edit-json.ts';

const change = (path: JsonChange['path'], value: unknown): JsonChange => ({ path, value });

/** A file as its owner has written it, with a layout of its own. */
const FILE = `{
   "token":   "x",

   "models": [
      { "id": "a", "model": "m" },   { "id":"b" }
   ],
   "port": 8000
}
`;

it('an edit changes its own line and leaves all others as they are', () => {
  expect(editJson(FILE, [change(['port'], 9000)])).toBe(FILE.replace('8000', '9000'));
  expect(editJson(FILE, [change(['verbosity'], 'low')])).toBe(
    FILE.replace('8000', '8000,\n   "verbosity": "low"'),
  );
  expect(editJson(FILE, [change(['token'], undefined)])).toBe(FILE.replace('   "token":   "x",\n\n', ''));
});

it('several edits of one object come one after the other', () => {
  const edited = editJson(FILE, [
    change(['models', 1, 'model'], 'n'),
    change(['models', 0, 'model'], undefined),
    change(['models', -1], { id: 'c' }),
  ]);
  expect(edited).toMatch(/^\{\n {3}"token": {3}"x",\n\n {3}"models": \[/);
  expect(edited).toMatch(/\],\n {3}"port": 8000\n\}\n$/);
  expect(JSON.parse(edited!)).toEqual({
    token: 'x',
    models: [{ id: 'a' }, { id: 'b', model: 'n' }, { id: 'c' }],
    port: 8000,
  });
});

it.each([
  ['tabs and line ends of Windows', '{\r\n\t"a": 1\r\n}\r\n', '{\r\n\t"a": 1,\r\n\t"b": 2\r\n}\r\n'],
  ['one line', '{"a":1}', '{"a":1,"b":2}'],
  ['one line with spaces', '{ "a": 1 }', '{ "a": 1, "b": 2 }'],
  ['a space before each colon', '{"a" : 1 ,  "c" : [ ]}', '{"a" : 1 ,  "c" : [ ], "b": 2}'],
  [
    'an object in one line, last of many lines',
    '{\n\t"tools": { "x": [1,2], "y":{ "z" :3 } }\n}',
    '{\n\t"tools": { "x": [1,2], "y":{ "z" :3 } },\n\t"b": 2\n}',
  ],
  ['an empty object', '{}\n', '{\n  "b": 2\n}\n'],
])('an edit keeps %s', (_, text, expected) => {
  expect(editJson(text, [change(['b'], 2)])).toBe(expected);
});

/** Its values are laid out in each way that an editor or a person may choose. */
const ODD = `{
\t"log":    { "maxBytes":1,"files" : 2 },
\t"limits": {"running": 4},  "hosts": [ "a",
   "b" ],

\t"tools": { "rateLimit": {"burst":9}, "modules": [ "./a.js" ] }
}`;

it.each([
  [['limits', 'running'], 5, '"running": 4', '"running": 5'],
  [['limits', 'waiting'], 9, '"running": 4', '"running": 4, "waiting": 9'],
  [['log', 'maxBytes'], undefined, '"maxBytes":1,', ''],
  [['log', 'files'], undefined, ',"files" : 2', ''],
  [['tools', 'rateLimit', 'perSecond'], 3, '"burst":9', '"burst":9, "perSecond":3'],
  [['tools', 'hygiene', 'licenseHeader'], 'x', '] }', '], "hygiene": {"licenseHeader": "x"} }'],
  [['tools', 'rateLimit', 'burst'], undefined, '"burst":9', ''],
  [['tools', 'modules'], ['./b.js', './c.js'], '[ "./a.js" ]', '["./b.js", "./c.js"]'],
  [['hosts', -1], 'c', '"b" ]', '"b",\n   "c" ]'],
  [['port'], 1, '] }\n}', '] },\n\t"port": 1\n}'],
  [['store', 'days'], 1, '] }\n}', '] },\n\t"store": {\n\t\t"days": 1\n\t}\n}'],
  [['log', 'files'], 2, '', ''],
])('a change of %j to %j leaves each other byte of the file as it is', (path, value, from, to) => {
  expect(editJson(ODD, [change(path, value)])).toBe(ODD.replace(from, to));
});

it('a change of limits leaves tools in one line', () => {
  const text =
    '{\n  "limits": {\n    "running": 4\n  },\n  "tools": {"tests": {"unit": {"command": ["npm"]}}}\n}\n';
  expect(editJson(text, [change(['limits', 'running'], 6)])).toBe(text.replace('4', '6'));
  expect(editJson(text, [change(['limits'], undefined)])).toBe(
    '{\n  "tools": {"tests": {"unit": {"command": ["npm"]}}}\n}\n',
  );
});

it('objects on the way to a value are made', () => {
  expect(JSON.parse(editJson('{"a":{"x":1}}', [change(['a', 'b', 'c'], [1])])!)).toEqual({
    a: { x: 1, b: { c: [1] } },
  });
});

it.each([
  ['a key that is there twice', '{"a":1,"a":2}', ['a']],
  ['a way through a value without members', '{"a":false}', ['a', 'b']],
  ['a text that is not JSON', '{"a":1,}', ['a']],
] as const)('an edit is refused for %s', (_, text, path) => {
  expect(editJson(text, [change(path, 3)])).toBeUndefined();
});

it.each([
  ['[1,2,3]', 0, '[2,3]'],
  ['[1,2,3]', 1, '[1,3]'],
  ['[1,2,3]', 2, '[1,2]'],
  ['[1]', 0, '[]'],
  ['[\n    1,\n    2\n  ]', 1, '[\n    1\n  ]'],
  ['[\n    1,\n    2\n  ]', 0, '[\n    2\n  ]'],
])('from the list %j the element %i is taken out', (list, place, expected) => {
  expect(editJson(`{"a": ${list}}`, [change(['a', place], undefined)])).toBe(`{"a": ${expected}}`);
});

it('any edit of any object gives the object that was meant, or none', () => {
  const value = fc.oneof(
    fc.integer(),
    fc.string(),
    fc.constant(null),
    fc.array(fc.integer(), { maxLength: 3 }),
  );
  const object = fc.dictionary(
    fc.constantFrom('a', 'b', 'c'),
    fc.oneof(value, fc.dictionary(fc.constantFrom('x', 'y'), value)),
  );
  fc.assert(
    fc.property(
      object,
      fc.constantFrom(undefined, '  ', '\t'),
      fc.constantFrom('a', 'b', 'x'),
      value,
      (whole, indent, key, put) => {
        const text = JSON.stringify(whole, null, indent);
        const set = editJson(text, [change([key], put)]);
        expect(JSON.parse(set!)).toEqual({ ...whole, [key]: put });
        const { [key]: _gone, ...rest } = whole;
        expect(JSON.parse(editJson(text, [change([key], undefined)])!)).toEqual(rest);
        for (const [name, list] of Object.entries(whole)) {
          if (!Array.isArray(list) || list.length === 0) continue;
          const shorter = editJson(text, [change([name, list.length - 1], undefined)]);
          expect(JSON.parse(shorter!)).toEqual({ ...whole, [name]: list.slice(0, -1) });
        }
      },
    ),
  );
});
