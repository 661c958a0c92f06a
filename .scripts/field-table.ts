// Writes the table of request fields into the README, from the table that decides on them.
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { FURTHER_FIELDS, REQUEST_FIELDS } from '../src/openai/chat/fields.ts';
import { REQUEST_FIELDS as COMPLETION_FIELDS } from '../src/openai/completions/fields.ts';
import type { Fields } from '../src/openai/request/fields.ts';
import {
  FURTHER_FIELDS as FURTHER_RESPONSE_FIELDS,
  REQUEST_FIELDS as RESPONSE_FIELDS,
} from '../src/openai/responses/request/request-fields.ts';

const README = fileURLToPath(new URL('../README.md', import.meta.url));

const VERDICTS = ['mapped', 'emulated', 'accepted', 'ignored', 'refused'];

/** The README with the tables as they have to be, each between the two comments that mark its place. */
export function withFieldTables(readme: string): string {
  const chat = insertTable(readme, 'fields', REQUEST_FIELDS, FURTHER_FIELDS);
  const completion = insertTable(chat, 'completion fields', COMPLETION_FIELDS);
  return insertTable(completion, 'response fields', RESPONSE_FIELDS, FURTHER_RESPONSE_FIELDS);
}

function insertTable(readme: string, mark: string, fields: Fields, further: Fields = {}): string {
  const sorted = Object.entries(fields).toSorted(
    ([nameA, a], [nameB, b]) =>
      VERDICTS.indexOf(a.verdict) - VERDICTS.indexOf(b.verdict) || (nameA < nameB ? -1 : 1),
  );
  const rows = [...sorted, ...Object.entries(further)].map(
    ([name, { verdict, note }]) => `| \`${name}\` | ${verdict} | ${note} |`,
  );
  const table = ['| field | | |', '|---|---|---|', ...rows].join('\n');
  return readme.replace(
    new RegExp(`(<!-- ${mark} -->\n)[^]*(\n<!-- /${mark} -->)`),
    (_, begin: string, end: string) => begin + table + end,
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await writeFile(README, withFieldTables(await readFile(README, 'utf8')));
}
