import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandFor } from '../../../src/app/config/own-command.ts';
import { shellQuote } from '../../../src/base/format-text.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

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

it('the command is codex-gateway when PATH leads to this script', () => {
  const { folder, script } = installation();
  expect(commandFor(join(folder, 'bin/codex-gateway'), { PATH: `/nonexistent:${folder}/bin` }).usual).toBe(
    'codex-gateway',
  );
  expect(commandFor(script, { PATH: `${folder}/bin:${folder}/other` }).usual).toBe('codex-gateway');
});

it('the command is the paths of Node and the script when PATH leads elsewhere or to an npm script’s folder', () => {
  const { folder, script } = installation();
  const paths = `${shellQuote(process.execPath)} ${shellQuote(script)}`;
  expect(commandFor(script, { PATH: '/nonexistent' }).usual).toBe(paths);
  expect(commandFor(script, { PATH: `${folder}/other:${folder}/bin` }).usual).toBe(paths);
  expect(commandFor(script, { PATH: `${folder}/node_modules/.bin` }).usual).toBe(paths);
});

describe('the command in a clone that npm start runs', () => {
  function start(caller: string) {
    const folder = temporaryFolder();
    for (const name of ['clone/bin', 'clone/src', 'else where'])
      mkdirSync(join(folder, name), { recursive: true });
    const script = join(folder, 'clone/bin/codex-gateway.js');
    const manifest = join(folder, 'clone/package.json');
    for (const path of [script, manifest]) writeFileSync(path, '');
    const npm = { npm_lifecycle_event: 'start', npm_package_json: manifest, INIT_CWD: join(folder, caller) };
    return { folder, script, command: commandFor(script, { PATH: '', ...npm }) };
  }

  it.each(['clone', 'clone/src'])('is npm start in the folder %s', (caller) => {
    expect(start(caller).command.usual).toBe('npm -s start --');
  });

  it('names the clone when it is called from another folder', () => {
    const { command, folder } = start('else where');
    expect(command.usual).toBe(`npm -s --prefix ${folder}/clone start --`);
  });

  it('shows clients no path of the machine', () => {
    expect(start('clone').command.withoutPaths).toBe('npm -s start --');
    expect(start('else where').command.withoutPaths).toBe('npm -s start --');
    expect(commandFor(start('clone').script, { PATH: '' }).withoutPaths).toBe('codex-gateway');
  });
});

it('the command is npx when npx has fetched the package', () => {
  const folder = join(temporaryFolder(), '_npx/1/node_modules/codex-gateway/bin');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'codex-gateway.js'), '');
  expect(commandFor(join(folder, 'codex-gateway.js'), { PATH: '' }).usual).toBe('npx codex-gateway');
});
