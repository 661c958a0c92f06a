// Writes the tables of request fields into the documentation, from the tables that decide on them.
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { FURTHER_CHAT_FIELDS, CHAT_FIELDS } from '../src/openai/chat/fields.ts';
import { COMPLETION_FIELDS } from '../src/openai/completions/fields.ts';
import type { Fields } from '../src/openai/request/fields.ts';
import { FURTHER_RESPONSE_FIELDS, RESPONSE_FIELDS } from '../src/openai/responses/request/request-fields.ts';

const VERDICTS = ['mapped', 'emulated', 'accepted', 'ignored', 'refused'];

interface FieldTable {
  readonly file: URL;
  readonly fields: Fields;
  /** Fields that are no part of OpenAI's API, listed last. */
  readonly further?: Fields;
}

const page = (name: string) => new URL(`../docs/api/${name}.md`, import.meta.url);

/** Every page with a table, which stands between the comments `<!-- fields -->` and `<!-- /fields -->`. */
export const FIELD_TABLES: readonly FieldTable[] = [
  { file: page('chat-completions'), fields: CHAT_FIELDS, further: FURTHER_CHAT_FIELDS },
  { file: page('completions'), fields: COMPLETION_FIELDS },
  { file: page('responses'), fields: RESPONSE_FIELDS, further: FURTHER_RESPONSE_FIELDS },
];

/** Returns the text of a page with its table brought up to date. */
export function withFieldTable(text: string, { fields, further = {} }: FieldTable): string {
  const sorted = Object.entries(fields).toSorted(
    ([nameA, a], [nameB, b]) =>
      VERDICTS.indexOf(a.verdict) - VERDICTS.indexOf(b.verdict) || (nameA < nameB ? -1 : 1),
  );
  const rows = [...sorted, ...Object.entries(further)].map(
    ([name, { verdict, note }]) => `| \`${name}\` | ${verdict} | ${note} |`,
  );
  const table = ['| field | verdict | note |', '|---|---|---|', ...rows].join('\n');
  return text.replace(
    /(<!-- fields -->\n)[^]*(<!-- \/fields -->)/,
    (_, begin: string, end: string) => `${begin}${table}\n${end}`,
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const table of FIELD_TABLES) {
    await writeFile(table.file, withFieldTable(await readFile(table.file, 'utf8'), table));
  }
}
