import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { withFieldTable } from '../../../.scripts/field-table.ts';
import { REQUEST_FIELDS } from '../../../src/openai/chat/fields.ts';

/** The fields of `ChatCompletionCreateParamsBase` as the official SDK declares them. */
function sdkFields(): string[] {
  const path = new URL(
    '../../../node_modules/openai/resources/chat/completions/completions.d.ts',
    import.meta.url,
  );
  const text = readFileSync(path, 'utf8');
  const start = text.indexOf('export interface ChatCompletionCreateParamsBase {');
  const body = text.slice(start, text.indexOf('\n}', start));
  return [...body.matchAll(/^ {4}(\w+)\??:/gm)].map((match) => match[1]!);
}

it('decides on every field that the official SDK can send', () => {
  expect(sdkFields()).toContain('messages');
  expect(Object.keys(REQUEST_FIELDS).toSorted()).toEqual(sdkFields().toSorted());
});

it('the README tells what becomes of each (npm run generate writes it)', () => {
  const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');
  expect(readme).toContain('| `temperature` | ignored |');
  expect(withFieldTable(readme)).toBe(readme);
});
