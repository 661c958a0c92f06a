import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { GatewayError, type ErrorCode } from '../../src/base/errors.ts';
import { encodeError } from '../../src/openai/vocabulary/error-body.ts';
import { namesIn, readDocument, ROOT, rowsOf } from '../support/documents.ts';

const source = readFileSync(join(ROOT, 'src/base/errors.ts'), 'utf8');
const CODES = [...source.matchAll(/^ {2}\| '(\w+)'/gm)].map(([, code]) => code as ErrorCode);
const ROWS = rowsOf(readDocument('docs/api/errors.md'));

it('the error page finds the list of codes', () => {
  expect(CODES.length).toBeGreaterThan(40);
});

it.each(CODES)('the error page lists %s with its status', (code) => {
  const { status, body } = encodeError(new GatewayError(code, 'It failed.'));
  const rows = ROWS.filter(([first]) => first === String(status)).map(([, second]) => second!);
  const shown = body.error.code;
  expect(rows.some((cell) => (shown === null ? cell === 'none' : namesIn(cell).includes(shown)))).toBe(true);
});
