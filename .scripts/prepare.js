// Leaves a runnable bin/ after any install of a clone. With the development dependencies there the compiler builds
// dist/; under `--omit=dev` Node itself strips the types, which is enough because the sources use erasable syntax only.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import module from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const source = join(root, 'src');
const output = join(root, 'dist');
const compiler = join(root, 'node_modules/typescript/bin/tsc');

await rm(output, { recursive: true, force: true });
if (existsSync(compiler)) compile();
else if ('stripTypeScriptTypes' in module) await strip();
else console.error('codex-gateway: not built, Node 22.15 or newer is needed to build it.');

function compile() {
  const { status } = spawnSync(process.execPath, [compiler, '-p', join(root, 'tsconfig.json')], {
    stdio: 'inherit',
  });
  process.exitCode = status ?? 1;
}

async function strip() {
  // Announced as experimental on every call; the emitted text is what the compiler would emit.
  process.removeAllListeners('warning');
  for (const file of await readdir(source, { recursive: true })) {
    if (!file.endsWith('.ts')) continue;
    const target = join(output, file.replace(/\.ts$/, '.js'));
    const script = module.stripTypeScriptTypes(await readFile(join(source, file), 'utf8'));
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, script.replaceAll(/(from\s+|import\()'(\.[^']+)\.ts'/g, "$1'$2.js'"));
  }
}
