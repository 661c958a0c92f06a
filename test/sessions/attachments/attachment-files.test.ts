import { existsSync, readFileSync, statSync, utimesSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createAttachmentFiles } from '../../../src/sessions/attachments/attachment-files.ts';
import { safeName } from '../../../src/sessions/attachments/safe-name.ts';
import { anyText } from '../../support/any-text.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

it.each([
  ['report.pdf', 'report.pdf'],
  ['/etc/passwd', 'passwd'],
  ['..\\..\\boot.ini', 'boot.ini'],
  ['../..', 'attachment'],
  ['.bashrc', 'bashrc'],
  ['-rf', 'rf'],
  ['a"; rm -rf $HOME #.txt', 'a__ rm -rf _HOME #.txt'],
  ['line\nbreak\u202Egpj.exe', 'line_break_gpj.exe'],
  ['', 'attachment'],
])('the name %j is kept as %j', (given, expected) => {
  expect(safeName(given, new Set())).toBe(expected);
});

it('every name becomes one of a file in its folder, which no other file has', () => {
  fc.assert(
    fc.property(fc.array(anyText({ maxLength: 400 }), { maxLength: 8 }), (names) => {
      const taken = new Set<string>();
      for (const name of names) {
        const safe = safeName(name, taken);
        expect(taken.has(safe.toLowerCase())).toBe(false);
        taken.add(safe.toLowerCase());
        expect(basename(join('/folder', safe))).toBe(safe);
        expect(dirname(join('/folder', safe))).toBe('/folder');
        expect(Buffer.byteLength(safe)).toBeLessThanOrEqual(255);
        expect(safe).not.toMatch(/^[-.~]|["'`$\n\0]/);
      }
    }),
  );
});

it('files are readable by their user alone, and one never takes the place of another', async () => {
  const folder = join(temporaryFolder(), 'attachments');
  const files = createAttachmentFiles(folder);
  const [one, two] = [
    await files.keep('s1', 'A.txt', Buffer.from('one')),
    await files.keep('s1', 'a.TXT', Buffer.from('two')),
  ];
  expect([readFileSync(one, 'utf8'), readFileSync(two, 'utf8')]).toEqual(['one', 'two']);
  const modes = [one, dirname(one), folder].map((path) => statSync(path).mode & 0o777);
  expect(modes).toEqual([0o600, 0o700, 0o700]);
});

it('the files of one session have a limit', async () => {
  const files = createAttachmentFiles(temporaryFolder());
  const large = Buffer.alloc(20 * 1024 * 1024);
  for (let count = 0; count < 10; count += 1) await files.keep('s1', 'a', large);
  await expect(files.keep('s1', 'a', Buffer.from('1'))).rejects.toThrow('at most 200 MB');
  await files.keep('s2', 'a', Buffer.from('1'));
});

it('old files go with sessions that do not exist any more, and old images always', async () => {
  const folder = temporaryFolder();
  const files = createAttachmentFiles(folder);
  const [gone, young, known] = [crypto.randomUUID(), crypto.randomUUID(), crypto.randomUUID()];
  const paths = [
    await files.keep(gone, 'a', Buffer.from('1')),
    await files.keep(young, 'a', Buffer.from('1')),
    await files.keep(known, 'a', Buffer.from('1')),
    await files.lend(known, 'png', Buffer.from('1')),
    await files.lend(young, 'png', Buffer.from('1')),
    await files.keep('not-a-session', 'a', Buffer.from('1')),
  ];
  const old = new Date(Date.now() - 8 * 86_400_000);
  for (const path of [...[gone, known, 'not-a-session'].map((name) => join(folder, name)), paths[3]!])
    utimesSync(path, old, old);
  await files.prune(async (id) => id === known);
  expect(paths.map((path) => existsSync(path))).toEqual([false, true, true, false, true, true]);
});

it('the files of sessions in memory go with their process, and no others', async () => {
  const folder = temporaryFolder();
  const other = await createAttachmentFiles(folder).keep('s1', 'a', Buffer.from('1'));
  const files = createAttachmentFiles(folder);
  const own = await files.keep('s2', 'a', Buffer.from('1'));
  await files.forgetAll();
  expect([other, own].map((path) => existsSync(path))).toEqual([true, false]);
});
