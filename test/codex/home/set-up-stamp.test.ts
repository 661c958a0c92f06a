import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import {
  createChangeDetector,
  createStamps,
  stampFiles,
  stampSetUp,
  watchSetUp,
} from '../../../src/codex/home/set-up-stamp.ts';
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

it('the stamp changes when the root certificates do', async () => {
  const folder = temporaryFolder();
  const rootStore = { bundle: join(folder, 'bundle.crt'), folders: [join(folder, 'certs')] };
  mkdirSync(join(folder, 'certs'));
  const stamp = async () => await stampSetUp({ userHome: undefined, systemFolder: folder, rootStore });
  const stamps = [await stamp()];
  writeFileSync(rootStore.bundle, 'a');
  stamps.push(await stamp());
  writeFileSync(join(folder, 'certs', '0a1b2c3d.0'), 'b');
  stamps.push(await stamp());
  expect(new Set(stamps).size).toBe(3);
});

it('a change is reported once, and not by a check that has read an older state than another', async () => {
  const reads: PromiseWithResolvers<string>[] = [];
  const hasChanged = createChangeDetector(() => {
    const read = Promise.withResolvers<string>();
    reads.push(read);
    return read.promise;
  });
  const checks = [hasChanged()];
  reads[0]!.resolve('a');
  expect(await checks[0]).toBe(true);
  // The second check has read a change that was undone before the third one.
  checks.push(hasChanged(), hasChanged());
  reads[2]!.resolve('a');
  expect(await checks[2]).toBe(false);
  reads[1]!.resolve('b');
  expect(await checks[1]).toBe(false);
  checks.push(hasChanged(), hasChanged());
  reads[4]!.resolve('c');
  expect(await checks[4]).toBe(true);
  reads[3]!.resolve('c');
  expect(await checks[3]).toBe(false);
});

it('the stamp is read once for many requests, and again after a second or a reported change', async () => {
  const clock = vi.spyOn(performance, 'now').mockReturnValue(0);
  let reads = 0;
  let report = () => {};
  const stamps = createStamps(
    async () => `${(reads += 1)}`,
    (onChange) => {
      report = onChange;
      return () => {};
    },
  );
  const three = async () => await Promise.all([stamps.current(), stamps.current(), stamps.current()]);
  expect(await three()).toEqual(['1', '1', '1']);
  clock.mockReturnValue(999);
  expect(await three()).toEqual(['1', '1', '1']);
  report();
  expect(await three()).toEqual(['2', '2', '2']);
  clock.mockReturnValue(1_998);
  expect(await three()).toEqual(['2', '2', '2']);
  clock.mockReturnValue(1_999);
  expect(await three()).toEqual(['3', '3', '3']);
  clock.mockRestore();
});

it('a change that is reported while the stamp is read leads to another reading', async () => {
  const reads: PromiseWithResolvers<string>[] = [];
  let report = () => {};
  const stamps = createStamps(
    () => {
      reads.push(Promise.withResolvers());
      return reads.at(-1)!.promise;
    },
    (onChange) => {
      report = onChange;
      return () => {};
    },
  );
  const before = stamps.current();
  report();
  const after = stamps.current();
  reads[1]!.resolve('new');
  reads[0]!.resolve('old');
  expect([await before, await after]).toEqual(['old', 'new']);
});

it('a login that another program replaces is noticed by the watcher', async () => {
  const clock = vi.spyOn(performance, 'now').mockReturnValue(0);
  const userHome = temporaryFolder();
  const login = join(userHome, 'auth.json');
  const stamps = watchSetUp({ userHome, systemFolder: join(userHome, 'none') });
  try {
    for (const text of ['{}', '{"a":1}', '{"a":12}']) {
      const before = await stamps.current();
      writeFileSync(`${login}.new`, text);
      renameSync(`${login}.new`, login);
      await vi.waitFor(async () => expect(await stamps.current()).not.toBe(before));
    }
  } finally {
    stamps.close();
    clock.mockRestore();
  }
});
