import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { namesIn, readDocument, ROOT, rowsOf } from '../support/documents.ts';

it('the page about dependencies gives a reason for each of them, and for each package that is built into the console', () => {
  const { dependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    dependencies: object;
  };
  const rows = rowsOf(readDocument('docs/internals/dependencies.md'));
  const names = rows.flatMap(([first]) => namesIn(first!));
  expect(names.toSorted()).toEqual([...new Set([...Object.keys(dependencies), ...bundled()])].toSorted());
});

/** Returns the packages that the built page contains, as its licenses name them, without those that they need themselves. */
function bundled(): string[] {
  const { devDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    devDependencies: Readonly<Record<string, string>>;
  };
  const licenses = readFileSync(join(ROOT, 'dist/page/licenses.md'), 'utf8');
  const names = [...licenses.matchAll(/^## (\S+) - /gm)].map(([, name]) => name!);
  return names.filter((name) => name in devDependencies);
}
