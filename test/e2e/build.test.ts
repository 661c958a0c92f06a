import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** A clone with two small modules and the real compiler. */
function createClone() {
  const folder = temporaryFolder();
  const at = (path: string) => join(folder, path);
  const write = (path: string, text: string) => writeFileSync(at(path), text);
  for (const path of ['src', 'node_modules', '.scripts']) mkdirSync(at(path));
  symlinkSync(join(ROOT, 'node_modules/typescript'), at('node_modules/typescript'));
  cpSync(join(ROOT, '.scripts/prepare.js'), at('.scripts/prepare.js'));
  write('package.json', '{"type":"module"}');
  const compilerOptions = { module: 'nodenext', rootDir: 'src', outDir: 'dist', lib: ['es5'], types: [] };
  write('tsconfig.json', JSON.stringify({ compilerOptions, include: ['src'] }));
  write('src/one.ts', 'export const one = 1;');
  write('src/two.ts', 'export const two = 2;');
  const build = () => spawnSync(process.execPath, [at('.scripts/prepare.js')], { encoding: 'utf8' });
  return { at, write, build };
}

it('a build compiles what has changed, and leaves dist as a first build would have made it', () => {
  const { at, write, build } = createClone();
  expect(build()).toMatchObject({ status: 0, stdout: '' });
  const read = (path: string) => readFileSync(at(path), 'utf8');
  const [one, two] = [read('dist/one.js'), read('dist/two.js')];
  const { mtimeMs } = statSync(at('dist/one.js'));

  write('src/two.ts', 'export const two = 3;');
  expect(build()).toMatchObject({ status: 0 });
  expect([read('dist/one.js'), read('dist/two.js')]).toEqual([one, two.replace('2', '3')]);
  expect(statSync(at('dist/one.js')).mtimeMs).toBe(mtimeMs);

  rmSync(at('src/two.ts'));
  expect(build()).toMatchObject({ status: 0 });
  expect([read('dist/one.js'), existsSync(at('dist/two.js'))]).toEqual([one, false]);

  appendFileSync(at('dist/one.js'), '// Not of the compiler.');
  expect(build()).toMatchObject({ status: 0 });
  expect(read('dist/one.js')).toBe(one);

  rmSync(at('dist'), { recursive: true });
  expect(build()).toMatchObject({ status: 0 });
  expect(read('dist/one.js')).toBe(one);
});
