import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { commandFor } from '../../src/cli/own-command.ts';
import { shellQuote } from '../../src/cli/shell-quote.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

function installation() {
  const folder = temporaryFolder();
  const script = join(folder, 'package', 'codex-gateway.js');
  for (const name of ['package', 'bin', 'node_modules/.bin', 'other']) {
    mkdirSync(join(folder, name), { recursive: true });
  }
  writeFileSync(script, '');
  writeFileSync(join(folder, 'other/codex-gateway'), '');
  symlinkSync(script, join(folder, 'bin/codex-gateway'));
  symlinkSync(script, join(folder, 'node_modules/.bin/codex-gateway'));
  return { folder, script };
}

it('is the name where PATH leads here', () => {
  const { folder, script } = installation();
  expect(commandFor(join(folder, 'bin/codex-gateway'), `/nonexistent:${folder}/bin`)).toBe('codex-gateway');
  expect(commandFor(script, `${folder}/bin:${folder}/other`)).toBe('codex-gateway');
});

it('is the paths of Node and the script where it does not, or only inside an npm script', () => {
  const { folder, script } = installation();
  const paths = `${shellQuote(process.execPath)} ${shellQuote(script)}`;
  expect(commandFor(script, '/nonexistent')).toBe(paths);
  expect(commandFor(script, `${folder}/other:${folder}/bin`)).toBe(paths);
  expect(commandFor(script, `${folder}/node_modules/.bin`)).toBe(paths);
});
