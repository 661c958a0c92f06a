// Writes the table of request fields into the README, from the table that decides on them.
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { FURTHER_FIELDS, REQUEST_FIELDS } from '../src/openai/chat/fields.ts';

const README = fileURLToPath(new URL('../README.md', import.meta.url));

const VERDICTS = ['mapped', 'emulated', 'accepted', 'ignored', 'refused'];

/** The README with the table as it has to be, between the two comments that mark its place. */
export function withFieldTable(readme: string): string {
  const sorted = Object.entries(REQUEST_FIELDS).toSorted(
    ([, a], [, b]) => VERDICTS.indexOf(a.verdict) - VERDICTS.indexOf(b.verdict),
  );
  const rows = [...sorted, ...Object.entries(FURTHER_FIELDS)].map(
    ([name, { verdict, note }]) => `| \`${name}\` | ${verdict} | ${note} |`,
  );
  const table = ['| field | | |', '|---|---|---|', ...rows].join('\n');
  return readme.replace(
    /(<!-- fields -->\n)[\s\S]*(\n<!-- \/fields -->)/,
    (_, begin, end) => begin + table + end,
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await writeFile(README, withFieldTable(await readFile(README, 'utf8')));
}
