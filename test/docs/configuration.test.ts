import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { configFileSchema, parseConfig } from '../../src/app/config/config-file.ts';
import { namesIn, readDocument, ROOT, rowsOf } from '../support/documents.ts';
import { runMain } from '../support/run-main.ts';

const PAGE = readDocument('docs/configuration.md');
const ROWS = rowsOf(PAGE);
const DEFAULTS = parseConfig('{}', 'config.json');

/** Returns the fields of an object, also behind a default and as the last of several forms. */
function fieldsOf(schema: z.core.$ZodType): Readonly<Record<string, z.core.$ZodType>> | undefined {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  if (def.type === 'object') return def.shape;
  if (def.type === 'union') return fieldsOf(def.options.at(-1)!);
  return def.type === 'default' || def.type === 'prefault' ? fieldsOf(def.innerType) : undefined;
}

/** Returns every setting by its path, as `store.days`, with its default. */
function settingsIn(schema: z.core.$ZodType, value: unknown, path: string): [path: string, value: unknown][] {
  const fields = fieldsOf(schema);
  if (fields === undefined) return [[path, value]];
  const values = value as Readonly<Record<string, unknown>>;
  return Object.entries(fields).flatMap(([key, field]) =>
    settingsIn(field, values[key], path === '' ? key : `${path}.${key}`),
  );
}

const SETTINGS = settingsIn(configFileSchema, DEFAULTS, '');

const COMMAND = /^ {2}([a-z][a-z-]+)(?: |$)/;
const OPTION = /^ {2}(?:-\w, )?(--[a-z-]+)/;

/** Lines of a help that describe an option. */
async function optionsOf(words: readonly string[]): Promise<string[]> {
  const { printed } = await runMain(['help', ...words], {});
  return printed.split('\n').flatMap((line) => OPTION.exec(line)?.[1] ?? []);
}

/** Names of the commands that a help lists. */
async function commandsOf(words: readonly string[]): Promise<string[]> {
  const { printed } = await runMain(['help', ...words], {});
  const [, list = ''] = printed.split('Commands:\n');
  return list.split('\n').flatMap((line) => COMMAND.exec(line)?.[1] ?? []);
}

/** Words of every command, with those of the commands that belong to another, as `['copilot', 'login']`. */
async function commandWords(): Promise<string[][]> {
  const names = (await commandsOf([])).filter((name) => name !== 'help');
  const inner = await Promise.all(names.map((name) => commandsOf([name])));
  return names.flatMap((name, index) => [[name], ...inner[index]!.map((one) => [name, one])]);
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

  it('lists, with the page about Copilot, every variable of the Copilot adapter', () => {
    const source = readFileSync(join(ROOT, 'src/app/copilot/copilot-options.ts'), 'utf8');
    const prefix = 'CODEX_CODE_ROUTER_RAW_LOG';
    const text = source.replaceAll('${prefix}', prefix).replaceAll(`'${prefix}'`, '');
    const variables = new Set(text.match(/\b[A-Z]+(?:_[A-Z]+)+\b/g));
    expect(variables).toContain(`${prefix}_LEVEL`);
    const constants = ['DAY_MS', 'HOUR_MS', 'COPILOT_BOUNDS', 'DIAGNOSTICS_LEVELS'];
    const pages = `${PAGE.text}\n${readDocument('docs/copilot.md').text}`;
    const names = [...variables].filter((name) => !constants.includes(name));
    expect(names.length).toBeGreaterThan(20);
    expect(names.filter((name) => !pages.includes(`\`${name}\``))).toEqual([]);
  });

  it('lists every command and option', async () => {
    const names = namesIn(PAGE.text).flatMap((name) => name.split(/[ ,]+/));
    const commands = await commandWords();
    expect(commands).toContainEqual(['serve']);
    expect(commands).toContainEqual(['copilot', 'login']);
    const helps = await Promise.all([[], ...commands].map((words) => optionsOf(words)));
    const options = new Set(helps.flat());
    expect(options).toContain('--with-api-key');
    const known = ['--help', '--version'];
    const missing = [...commands.flat(), ...options].filter(
      (name) => !names.includes(name) && !known.includes(name),
    );
    expect(missing).toEqual([]);
  });

  it('lists no option that does not exist', async () => {
    const commands = await commandWords();
    const helps = await Promise.all(commands.map((words) => optionsOf(words)));
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
