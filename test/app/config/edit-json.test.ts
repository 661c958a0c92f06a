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
  ['one line', '{"a":1}', '{"a":1,"b": 2}'],
  ['an empty object', '{}\n', '{\n  "b": 2\n}\n'],
])('an edit keeps %s', (_, text, expected) => {
  expect(editJson(text, [change(['b'], 2)])).toBe(expected);
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
