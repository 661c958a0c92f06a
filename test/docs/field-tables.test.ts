import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { expect, it } from 'vitest';
import { FIELD_TABLES, withFieldTable } from '../../.scripts/field-table.ts';

const ROW = {
  'chat-completions.md': '| `temperature` | ignored |',
  'completions.md': '| `echo` | refused |',
  'responses.md': '| `previous_response_id` | emulated |',
};

it.each(FIELD_TABLES.map((table) => [basename(table.file.pathname) as keyof typeof ROW, table] as const))(
  '%s lists the treatment of each field (npm run generate writes it)',
  (name, table) => {
    const text = readFileSync(table.file, 'utf8');
    expect(text).toContain(ROW[name]);
    expect(withFieldTable(text, table)).toBe(text);
  },
);
