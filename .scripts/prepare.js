// Leaves a runnable bin/ after any install of a clone. With the development dependencies there the compiler builds
// dist/; under `--omit=dev` Node itself strips the types, which is enough because the sources use erasable syntax only.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, realpathSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import module from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const source = join(root, 'src');
const output = join(root, 'dist');
const page = join(output, 'page');
const modules = join(root, 'node_modules');
const compiler = join(modules, 'typescript/bin/tsc');
const bundler = join(modules, 'vite');
// What the compiler knows of its last run, and a hash of all that was in dist/ after it.
const information = join(modules, '.cache/build.tsbuildinfo');
const record = join(modules, '.cache/build.sha256');

if (existsSync(compiler)) {
  await compile();
  if (existsSync(bundler)) await buildPage();
} else if ('stripTypeScriptTypes' in module) {
  await rm(output, { recursive: true, force: true });
  await strip();
} else console.error('codex-gateway: not built, Node 22.16 or newer is needed to build it.');

/** Compiles what has changed since the last time; everything, if dist/ is not as that time left it. */
async function compile() {
  // Behind a link lies what the compiler knows of another clone.
  const isOwn = realpathSync(modules) === join(realpathSync(root), 'node_modules');
  if (!isOwn || !(await isAsRecorded())) {
    await rm(output, { recursive: true, force: true });
    if (isOwn) await rm(information, { force: true });
  }
  const incremental = isOwn ? ['--incremental', '--tsBuildInfoFile', information] : [];
  const args = [compiler, '-p', join(root, 'tsconfig.json'), ...incremental];
  const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' });
  process.exitCode = status ?? 1;
  await removeOrphans();
  if (isOwn && status === 0) await writeFile(record, await hashOutput());
}

async function isAsRecorded() {
  return existsSync(record) && (await readFile(record, 'utf8')) === (await hashOutput());
}

/** Builds the console's page into dist/page, unless that is as its sources have it. */
async function buildPage() {
  const stamp = join(page, '.stamp');
  const sources = await hashFiles(root, await listPageSources());
  if (existsSync(stamp) && (await readFile(stamp, 'utf8')) === sources) return;
  const { build } = await import('vite');
  await build({ configFile: join(root, 'console/vite.config.ts'), logLevel: 'warn' });
  await writeFile(stamp, sources);
}

/** Returns everything that the page is made of: its own sources, and the lockfile for the packages. */
async function listPageSources() {
  const own = await readdir(join(root, 'console'), { recursive: true, withFileTypes: true });
  const files = own.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return ['package-lock.json', ...files.map((file) => relative(root, file))].toSorted();
}

/** Removes what was compiled from a source that is gone. */
async function removeOrphans() {
  for (const file of await listOutput())
    if (!existsSync(join(source, file.replace(/\.js$/, '.ts')))) await rm(join(output, file));
}

/** Returns the paths of the compiled files in dist/, in the same order each time. */
async function listOutput() {
  if (!existsSync(output)) return [];
  const entries = await readdir(output, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && !entry.parentPath.startsWith(page));
  return files.map(({ parentPath, name }) => relative(output, join(parentPath, name))).toSorted();
}

async function hashOutput() {
  return await hashFiles(output, await listOutput());
}

async function hashFiles(folder, files) {
  const hash = createHash('sha256');
  for (const file of files) hash.update(`${file}\0`).update(await readFile(join(folder, file)));
  return hash.digest('hex');
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
