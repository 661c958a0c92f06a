// Writes the TypeScript types of the app-server protocol, as the pinned codex prints them, pruned to what src/codex
// imports and what that reaches. Usage: node generated/generate.js [folder]
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const target = process.argv[2] ?? here;
const wrapper = createRequire(import.meta.url).resolve('@openai/codex/package.json');
const { version } = JSON.parse(readFileSync(wrapper, 'utf8'));

const printed = mkdtempSync(join(tmpdir(), 'codex-types-'));
try {
  const codex = join(dirname(wrapper), 'bin', 'codex.js');
  const command = [codex, 'app-server', 'generate-ts', '--experimental', '--out', printed];
  execFileSync(process.execPath, command, {
    stdio: 'ignore',
    env: { PATH: process.env.PATH, HOME: printed },
  });
  write(reach(roots()));
} finally {
  rmSync(printed, { recursive: true, force: true });
}

/** The modules that src/codex imports. */
function roots() {
  const folder = join(here, '..', 'src', 'codex');
  const sources = readdirSync(folder, { recursive: true })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(join(folder, file), 'utf8'));
  return sources.flatMap((source) => [...source.matchAll(/generated\/(\S+)\.js'/g)].map((match) => match[1]));
}

/** Every module that the roots reach, with its text. */
function reach(names) {
  const modules = new Map();
  const queue = [...names];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (modules.has(name)) continue;
    const text = readFileSync(join(printed, `${name}.ts`), 'utf8');
    modules.set(name, keepLiterals(text.replaceAll(/from "(\.[^"]+)"/g, 'from "$1.js"')));
    for (const [, specifier] of text.matchAll(/from "(\.[^"]+)"/g)) {
      queue.push(posix.join(posix.dirname(name), specifier));
    }
  }
  return modules;
}

/** A bare `string` in a union would swallow the literals before it, which src/codex closes its tables over. */
function keepLiterals(text) {
  return text.replaceAll(/("\w+") \| string\b/g, '$1 | (string & {})');
}

function write(modules) {
  for (const file of readdirSync(target, { recursive: true })) {
    if (file.endsWith('.d.ts')) rmSync(join(target, file));
  }
  const hash = createHash('sha256');
  for (const [name, text] of [...modules].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const path = join(target, `${name}.d.ts`);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    hash.update(`${name}\n${text}`);
  }
  const provenance = {
    codex: version,
    command: 'codex app-server generate-ts --experimental',
    date: new Date().toISOString().slice(0, 10),
    sha256: hash.digest('hex'),
  };
  writeFileSync(join(target, 'provenance.json'), `${JSON.stringify(provenance, null, 2)}\n`);
}
