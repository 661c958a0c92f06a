import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { temporaryFolder } from './support/temporary-folder.ts';

const GENERATED = fileURLToPath(new URL('../generated', import.meta.url));

function readTypes(folder: string): Map<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.d.ts'),
  );
  return new Map(names.toSorted().map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}

it('the generated folder holds exactly the types that the pinned codex prints', () => {
  const folder = temporaryFolder();
  execFileSync(process.execPath, [join(GENERATED, 'generate.js'), folder]);
  const { date: _now, ...fresh } = JSON.parse(readFileSync(join(folder, 'provenance.json'), 'utf8'));
  expect(JSON.parse(readFileSync(join(GENERATED, 'provenance.json'), 'utf8'))).toMatchObject(fresh);
  expect(readTypes(GENERATED)).toEqual(readTypes(folder));
});
