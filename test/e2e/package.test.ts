import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const LEFT_OUT = ['node_modules', 'dist', 'coverage', '.git', 'test'];

/** Lets the compiler write the same as ever without a look at the types, which is most of its work. */
function skipTypes(path: string): void {
  const config = JSON.parse(readFileSync(path, 'utf8')) as { readonly compilerOptions: object };
  writeFileSync(
    path,
    JSON.stringify({ ...config, compilerOptions: { ...config.compilerOptions, noCheck: true } }),
  );
}

it('the packed package has what its command needs and no scripts, and the clone is unchanged', () => {
  const folder = temporaryFolder();
  const clone = join(folder, 'clone');
  cpSync(ROOT, clone, {
    recursive: true,
    filter: (path) => path === ROOT || !LEFT_OUT.includes(basename(path)),
  });
  // The page as it was built from the same sources: to build it anew takes long.
  cpSync(join(ROOT, 'dist/page'), join(clone, 'dist/page'), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(clone, 'node_modules'));
  skipTypes(join(clone, 'tsconfig.json'));
  const npm = {
    ...process.env,
    npm_config_cache: join(folder, 'cache'),
    npm_config_update_notifier: 'false',
  };
  execFileSync('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: clone, env: npm });
  execFileSync('/bin/sh', ['-c', 'tar -xzf "$0"/*.tgz -C "$0"', folder]);

  const manifest = (path: string) =>
    JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')) as Record<string, unknown>;
  const packed = manifest(join(folder, 'package'));
  const own = manifest(ROOT);
  expect(manifest(clone)).toEqual(own);
  const { scripts: _scripts, devDependencies: _tools, allowScripts: _allowed, ...rest } = own;
  expect(packed).toEqual(rest);

  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'package/node_modules'));
  const script = join(folder, 'package/bin/codex-gateway.js');
  const version = execFileSync(process.execPath, [script, '--version'], { encoding: 'utf8' });
  expect(version.trim()).toBe(own.version);
});
