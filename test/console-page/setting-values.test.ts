import { describe, expect, it } from 'vitest';
import {
  describeNewer,
  filterSettings,
  formatSetting,
  readInput,
  writeInput,
} from '../../console/pages/settings/setting-values.ts';
import type { ShownSetting } from '../../src/console/contract/settings.ts';

const setting = (key: string, rest: Partial<ShownSetting> = {}): ShownSetting => ({
  key,
  group: 'Times',
  meaning: '',
  kind: 'text',
  choices: [],
  value: null,
  is_set: false,
  is_secret: false,
  source: 'default',
  source_name: null,
  default: null,
  default_text: 'none',
  is_in_file: false,
  file_value: null,
  needs_restart: false,
  lock: null,
  ...rest,
});

describe('the input of a setting', () => {
  it.each([
    ['text', 'some words'],
    ['number', 0.5],
    ['switch', false],
    ['switch', true],
    ['choice', 'debug'],
    ['list', ['a', 'b c']],
    ['list', []],
    ['json', { days: 30, names: ['x'] }],
    ['json', false],
  ] as const)('gives back a %s that it has begun with: %j', (kind, value) => {
    expect(readInput(kind, writeInput(kind, value))).toEqual(value);
  });

  it.each([
    ['number', 'many', 'Enter a number.'],
    ['number', 'Infinity', 'Enter a number.'],
    ['number', ' ', 'Enter a value, or take the setting out of the file.'],
    ['json', '{', 'Enter valid JSON.'],
  ] as const)('refuses a %s that reads %j', (kind, text, problem) => {
    expect(() => readInput(kind, text)).toThrow(problem);
  });

  it('leaves empty lines out of a list', () => {
    expect(readInput('list', '\n a \n\n b\n')).toEqual(['a', 'b']);
  });
});

it.each([
  [null, 'none'],
  [[], 'none'],
  [['a', 'b'], 'a, b'],
  [true, 'on'],
  [0, '0'],
  [{ a: 1 }, '{\n  "a": 1\n}'],
])('the value %j is shown as %j', (value, shown) => {
  expect(formatSetting(value)).toBe(shown);
});

it('a form says what the config file has if that is not what it began with', () => {
  const begun = setting('port', { is_in_file: true, file_value: 8000 });
  expect(describeNewer(begun, { ...begun, value: 1 })).toBe('');
  expect(describeNewer(begun, { ...begun, file_value: 9000 })).toContain('the config file says 9000 now');
  expect(describeNewer(begun, setting('port'))).toContain('the config file has no value now');
});

it('a search finds all words in key, heading and meaning, and leaves the defaults out if that is wanted', () => {
  const settings = [
    setting('deadlines.turn', { source: 'file', is_in_file: true }),
    setting('deadlines.idle', { meaning: 'Seconds of silence.' }),
    setting('port', { group: 'The server', source: 'flag', source_name: '--port' }),
    setting('later', { is_in_file: true }),
  ];
  const keys = (search: string, onlyChanged = false) =>
    filterSettings(settings, search, onlyChanged).map(({ key }) => key);
  expect(keys('TIMES silence')).toEqual(['deadlines.idle']);
  expect(keys('')).toHaveLength(4);
  expect(keys('', true)).toEqual(['deadlines.turn', 'port', 'later']);
});
