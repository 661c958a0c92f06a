import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { NEVER_ABORTED } from '../../../src/base/async/abort.ts';
import { VERSION } from '../../../src/app/config/version.ts';
import { findUpdate, installUpdate } from '../../../src/app/update/update.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** A program in the folder of a global npm, whose `npm` answers with `view` and installs a version that it is asked for. */
function installGlobally(view: string) {
  const folder = temporaryFolder();
  const root = join(folder, 'lib/node_modules');
  const script = join(root, 'codex-gateway/bin/codex-gateway.js');
  mkdirSync(dirname(script), { recursive: true });
  writeFileSync(script, '');
  const manifest = join(root, 'codex-gateway/package.json');
  writeFileSync(manifest, JSON.stringify({ version: VERSION }));
  const tools = join(folder, 'bin');
  mkdirSync(tools);
  writeFileSync(join(folder, 'view'), view);
  const npm = `#!/bin/sh
case "$1" in
  root) echo '${root}' ;;
  view) /bin/cat '${folder}/view'; [ -s '${folder}/view' ] || { echo 'npm error 404 not found' >&2; exit 1; } ;;
  install) echo '{"version":"'"\${3#codex-gateway@}"'"}' > '${manifest}' ;;
esac
`;
  writeFileSync(join(tools, 'npm'), npm);
  chmodSync(join(tools, 'npm'), 0o755);
  symlinkSync(script, join(tools, 'codex-gateway'));
  return {
    script: join(tools, 'codex-gateway'),
    options: { environment: { PATH: `${tools}:/usr/bin:/bin` }, signal: NEVER_ABORTED },
    version: () => (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version,
  };
}

const LATER = '99.0.0';
const view = (version: string, versions: readonly string[]) => JSON.stringify({ version, versions });

it('a later version in the registry is found, and installed by the npm that installed this one', async () => {
  const installed = installGlobally(view(LATER, [VERSION, LATER]));
  const facts = await findUpdate(installed.options, installed.script);
  expect(facts).toMatchObject({ current: VERSION, newest: LATER, isBehind: true });
  expect(facts.installation.kind).toBe('global');
  expect(facts.commands).toEqual(['npm install --global codex-gateway@latest']);
  await installUpdate(facts, LATER, installed.options);
  expect(installed.version()).toBe(LATER);
});

it('the newest version is recognized', async () => {
  const installed = installGlobally(view(VERSION, [VERSION]));
  expect(await findUpdate(installed.options, installed.script)).toMatchObject({
    newest: VERSION,
    isBehind: false,
  });
});

it('a package of the same name that never had the installed version is not an update', async () => {
  const installed = installGlobally(view(LATER, [LATER]));
  const facts = await findUpdate(installed.options, installed.script);
  expect(facts).toMatchObject({ newest: undefined, isBehind: false });
  expect(facts.problem).toContain('never had this version');
  expect(facts.commands).toContain('npm install --global "$(npm pack --silent)"');
});

it('a registry without the package says so', async () => {
  const installed = installGlobally('');
  const facts = await findUpdate(installed.options, installed.script);
  expect(facts).toMatchObject({ newest: undefined, problem: 'npm error 404 not found' });
});

it('an npm that installs nothing is not believed', async () => {
  const installed = installGlobally(view(LATER, [VERSION, LATER]));
  const facts = await findUpdate(installed.options, installed.script);
  const environment = { PATH: '/nowhere' };
  const failing = installUpdate(facts, LATER, { ...installed.options, environment });
  await expect(failing).rejects.toThrow('npm is not installed');
  expect(installed.version()).toBe(VERSION);
});

it('a clone says which version its branch has by now, and how to get it', async () => {
  const folder = temporaryFolder();
  const git = (cwd: string, ...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=x', '-c', 'user.email=x@example.com', ...args], {
      cwd,
      stdio: 'ignore',
    });
  const origin = join(folder, 'origin');
  const clone = join(folder, 'clone');
  mkdirSync(join(origin, 'bin'), { recursive: true });
  writeFileSync(join(origin, 'bin/codex-gateway.js'), '');
  writeFileSync(join(origin, 'package.json'), JSON.stringify({ version: VERSION }));
  git(origin, 'init', '--initial-branch=main');
  git(origin, 'add', '.');
  git(origin, 'commit', '--message=first');
  git(folder, 'clone', origin, clone);
  const environment = { PATH: process.env.PATH, HOME: folder };
  const options = { environment, signal: NEVER_ABORTED };
  const script = join(clone, 'bin/codex-gateway.js');
  expect(await findUpdate(options, script)).toMatchObject({ newest: VERSION, isBehind: false });
  writeFileSync(join(origin, 'package.json'), JSON.stringify({ version: LATER }));
  git(origin, 'commit', '--all', '--message=second');
  const facts = await findUpdate(options, script);
  expect(facts).toMatchObject({
    newest: LATER,
    isBehind: true,
    commands: [`cd ${clone}`, 'git pull', 'npm ci'],
  });
  expect(facts.installation.kind).toBe('clone');
});
