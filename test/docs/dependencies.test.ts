import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { namesIn, readDocument, ROOT, rowsOf } from '../support/documents.ts';

it('the page about dependencies gives a reason for each of them', () => {
  const { dependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    dependencies: object;
  };
  const rows = rowsOf(readDocument('docs/internals/dependencies.md'));
  const names = rows.flatMap(([first]) => namesIn(first!));
  expect(names.toSorted()).toEqual(Object.keys(dependencies).toSorted());
});
