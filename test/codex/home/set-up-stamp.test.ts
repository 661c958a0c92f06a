import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { stampFiles } from '../../../src/codex/home/set-up-stamp.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

it('the stamp changes only when a file is created, written, replaced or removed', async () => {
  const folder = temporaryFolder();
  const login = join(folder, 'auth.json');
  const system = join(folder, 'etc');
  const [config, managed] = [join(system, 'config.toml'), join(system, 'managed.toml')];
  const stamp = async () => await stampFiles([login, config, managed]);
  let before = await stamp();
  expect(await stamp()).toBe(before);
  const changes: [what: string, change: () => void][] = [
    ['a login is made', () => writeFileSync(login, '{}')],
    ['it is written in place', () => writeFileSync(login, '{"a":1}')],
    [
      'it is replaced',
      () => {
        writeFileSync(`${login}.new`, '{"a":2}');
        renameSync(`${login}.new`, login);
      },
    ],
    ['the folder comes', () => mkdirSync(system)],
    ['a file in it', () => writeFileSync(config, 'a = 1')],
    ['another', () => writeFileSync(managed, 'b = 1')],
    ['one is written in place', () => writeFileSync(config, 'a = 12')],
    ['one goes', () => rmSync(config)],
    ['the folder goes', () => rmSync(system, { recursive: true })],
    ['the login goes', () => rmSync(login)],
  ];
  for (const [what, change] of changes) {
    change();
    const after = await stamp();
    // An empty folder says no more than none.
    expect({ what, changed: after !== before }).toEqual({ what, changed: what !== 'the folder comes' });
    expect(await stamp()).toBe(after);
    before = after;
  }
});
