import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { configFileSchema, parseConfig } from '../../src/app/config/config-file.ts';
import { namesIn, readDocument, ROOT, rowsOf } from '../support/documents.ts';
import { runMain } from '../support/run-main.ts';

const PAGE = readDocument('docs/configuration.md');
const ROWS = rowsOf(PAGE);
const DEFAULTS = parseConfig('{}', 'config.json') as Readonly<Record<string, unknown>>;

/** Every setting by its path, as `store.days`, with its default. */
const SETTINGS = Object.keys(configFileSchema.shape).flatMap((key) => {
  const value = DEFAULTS[key];
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [[key, value] as const];
  return Object.entries(value).map(([inner, one]) => [`${key}.${inner}`, one as unknown] as const);
});

/** Lines of a help that describe an option or a command, which begin so. */
async function helpLines(words: readonly string[], pattern: RegExp): Promise<string[]> {
  const { printed } = await runMain(['help', ...words], {});
  return printed.split('\n').flatMap((line) => pattern.exec(line)?.[1] ?? []);
}

describe('the configuration page', () => {
  it.each(SETTINGS)('lists the setting %s with its default', (name, value) => {
    const rows = ROWS.filter((cells) => cells.some((cell) => namesIn(cell).includes(name)));
    const shown = typeof value === 'string' ? value : JSON.stringify(value);
    const withDefault = rows.filter((cells) => value === undefined || cells.includes(`\`${shown}\``));
    expect(withDefault).not.toEqual([]);
  });

  it('lists every environment variable', () => {
    const source = readFileSync(join(ROOT, 'src/app/config/config.ts'), 'utf8');
    const variables = new Set(source.match(/CODEX_\w+|XDG_\w+/g));
    expect(variables.size).toBeGreaterThan(5);
    expect([...variables].filter((name) => !PAGE.text.includes(name))).toEqual([]);
  });

  it('lists every command and option', async () => {
    const names = namesIn(PAGE.text).flatMap((name) => name.split(/[ ,]+/));
    const commands = await helpLines([], /^ {2}([a-z]+)(?: |$)/);
    expect(commands).toContain('serve');
    const helps = await Promise.all(
      [[], ...commands.filter((name) => name !== 'help').map((name) => [name])].map((words) =>
        helpLines(words, /^ {2}(?:-\w, )?(--[a-z-]+)/),
      ),
    );
    const options = new Set(helps.flat());
    expect(options).toContain('--with-api-key');
    const known = ['--help', '--version'];
    const missing = [...commands, ...options].filter(
      (name) => !names.includes(name) && !known.includes(name),
    );
    expect(missing).toEqual([]);
  });

  it('lists no option that does not exist', async () => {
    const commands = await helpLines([], /^ {2}([a-z]+)(?: |$)/);
    const helps = await Promise.all(commands.map((name) => helpLines([name], /^ {2}(?:-\w, )?(--[a-z-]+)/)));
    const options = new Set(helps.flat());
    const listed = namesIn(PAGE.text).flatMap((name) => name.match(/(?<= |^)--[a-z-]+/g) ?? []);
    expect(listed.length).toBeGreaterThan(20);
    expect(listed.filter((name) => !options.has(name))).toEqual([]);
  });
});

it('the README names only settings that exist', () => {
  const rows = rowsOf(readDocument('README.md'));
  const start = rows.findIndex(([first]) => first === 'setting');
  const names = rows.slice(start + 1, start + 9).map(([first]) => namesIn(first!)[0]);
  const keys = SETTINGS.map(([name]) => name.split('.')[0]);
  expect(names.filter((name) => !keys.includes(name))).toEqual([]);
  expect(names).toContain('compatibility');
});
