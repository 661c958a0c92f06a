// Makes package.json what installers need for the time of a pack: `pack.js strip` takes out what only a clone can use, a
// `prepare` without its script among it, and `pack.js restore` puts the file back.
import { existsSync } from 'node:fs';
import { copyFile, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const manifest = join(root, 'package.json');
const kept = join(root, '.package.json.kept');

// What an interrupted pack has left comes first.
if (existsSync(kept)) await rename(kept, manifest);
if (process.argv[2] === 'strip') await strip();

async function strip() {
  await copyFile(manifest, kept);
  const {
    scripts: _scripts,
    devDependencies: _tools,
    allowScripts: _allowed,
    ...published
  } = JSON.parse(await readFile(manifest, 'utf8'));
  const draft = `${manifest}.draft`;
  await writeFile(draft, `${JSON.stringify(published, null, 2)}\n`);
  await rename(draft, manifest);
}
