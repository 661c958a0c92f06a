import { execFileSync } from 'node:child_process';
import {
  readdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
  appendFileSync,
  mkdirSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compareSnapshots } from '../../../../src/sessions/workspace/history/changes.ts';
import { createContents, type Contents } from '../../../../src/sessions/workspace/history/contents.ts';
import { takeSnapshot, type Snapshot } from '../../../../src/sessions/workspace/history/snapshot.ts';
import { createTrial, SNAPSHOT_LIMITS } from '../../../support/workspace-trial.ts';

/** A workspace, a function that takes its snapshots, and what was read for them. */
function createLook(files: Readonly<Record<string, string>>, limits: Partial<typeof SNAPSHOT_LIMITS> = {}) {
  const trial = createTrial(files);
  const contents = createContents(join(trial.folder, 'contents'));
  const reads: string[] = [];
  const counting: Contents = {
    ...contents,
    async add(file, maxBytes) {
      const digest = await contents.add(file, maxBytes);
      reads.push(digest ?? 'too large');
      return digest;
    },
  };
  const take = (earlier?: Snapshot, own: Partial<Contents> = {}) =>
    takeSnapshot(trial.workspace, {
      contents: { ...counting, ...own },
      limits: { ...SNAPSHOT_LIMITS, ...limits },
      leftOut: [trial.at('left out')],
      earlier,
      signal: new AbortController().signal,
    });
  return { ...trial, contents, take, reads };
}

const LONG_AGO = new Date('2020-01-01');

describe('a snapshot', () => {
  it('contains everything but .git and the folders that are left out, and ignores no file', async () => {
    const look = createLook({
      '.gitignore': 'ignored\n',
      ignored: '',
      'a/b': '',
      '.git/config': '',
      'a/.Git': '',
      'left out/token': '',
      'a/left out/file': '',
    });
    symlinkSync('/', look.at('link'));
    const { entries, skipped } = await look.take();
    expect([...entries.keys()].toSorted()).toEqual(
      ['.gitignore', 'a', 'a/b', 'a/left out', 'a/left out/file', 'ignored', 'link'].toSorted(),
    );
    expect(skipped).toEqual([]);
  });

  it('keeps equal contents once, readable by their owner alone', async () => {
    const look = createLook({ a: 'same', b: 'same', c: 'other' });
    await look.take();
    expect(readdirSync(join(look.folder, 'contents'))).toHaveLength(2);
    const list = execFileSync('ls', ['-lR', look.folder], { encoding: 'utf8' });
    expect(list).toMatch(/^-rw------- /m);
    expect(list).not.toMatch(/^(?:-...[^-]|-......[^-])/m);
  });

  it('does not read again what looks the same as before, unless it was written moments before', async () => {
    const look = createLook({ old: '1', changed: '2', young: '3' });
    const first = await look.take();
    expect(look.reads.splice(0)).toHaveLength(3);
    // As if it had been taken later, when the files were no longer young.
    const later = { ...first, takenAt: Date.now() + 60_000 };
    writeFileSync(look.at('changed'), '4');
    const second = await look.take(later);
    expect(look.reads.splice(0)).toHaveLength(1);
    expect((await compareSnapshots(first, second)).map(({ path }) => path)).toEqual(['changed']);
    await look.take(first);
    expect(look.reads).toHaveLength(3);
  });

  it('reads again what is no longer kept', async () => {
    const look = createLook({ file: '1' });
    const first = await look.take();
    rmSync(join(look.folder, 'contents'), { recursive: true });
    await look.take({ ...first, takenAt: Date.now() + 60_000 });
    expect(readdirSync(join(look.folder, 'contents'))).toHaveLength(1);
  });

  it('notices a change that keeps size and time', async () => {
    const look = createLook({ file: 'one' });
    utimesSync(look.at('file'), LONG_AGO, LONG_AGO);
    const first = await look.take();
    writeFileSync(look.at('file'), 'two');
    utimesSync(look.at('file'), LONG_AGO, LONG_AGO);
    const second = await look.take({ ...first, takenAt: Date.now() + 60_000 });
    expect(await compareSnapshots(first, second)).toHaveLength(1);
  });

  it('names files that are too large, and knows if they change', async () => {
    const look = createLook({ large: 'x'.repeat(20), small: 'x' }, { fileBytes: 10 });
    const first = await look.take();
    expect(first.skipped).toEqual([{ path: 'large', reason: 'file_too_large' }]);
    expect(await compareSnapshots(first, await look.take())).toEqual([]);
    appendFileSync(look.at('large'), 'x');
    expect((await compareSnapshots(first, await look.take())).map(({ path }) => path)).toEqual(['large']);
  });

  it('leaves out first what tools make anew once the bytes are used up', async () => {
    const files = { 'node_modules/a': 'x'.repeat(10), 'src/deep/er/b': 'y'.repeat(10), z: 'z'.repeat(10) };
    const { skipped, entries } = await createLook(files, { bytes: 25 }).take();
    expect(skipped).toEqual([{ path: 'node_modules/a', reason: 'too_many_bytes' }]);
    expect(entries.get('node_modules/a')).toMatchObject({ type: 'file', size: 10 });
  });

  it('does not enter folders with too many files, and compares nothing in them', async () => {
    const look = createLook({ 'a/1': '', 'b/1': '', 'dist/1': '', 'dist/2': '' }, { files: 6 });
    const first = await look.take();
    expect(first.skipped).toEqual([{ path: 'dist', reason: 'too_many_files' }]);
    rmSync(look.at('b'), { recursive: true });
    const second = await look.take();
    expect(second.skipped).toEqual([]);
    expect((await compareSnapshots(first, second)).map(({ path }) => path)).toEqual(['b', 'b/1']);
  });

  it('of a workspace with too many files at its top is empty, and says so', async () => {
    const look = createLook({ a: '', b: '', c: '' }, { files: 2 });
    const { entries, skipped } = await look.take();
    expect([...entries]).toEqual([]);
    expect(skipped).toEqual([{ path: '', reason: 'too_many_files' }]);
  });

  it('names files that cannot be read', async () => {
    const look = createLook({ file: '1', other: '2' });
    const fail = () => Promise.reject(new Error('EIO'));
    const { entries, skipped } = await look.take(undefined, { add: fail });
    expect(skipped.map(({ reason }) => reason)).toEqual(['unreadable', 'unreadable']);
    expect(entries.get('file')).toMatchObject({ type: 'file', size: 1 });
  });

  it('names files whose name is not UTF-8', async () => {
    const look = createLook({ 'folder/file': '1' });
    writeFileSync(Buffer.concat([Buffer.from(`${look.at('folder')}/`), Buffer.from([0x66, 0xfc])]), '');
    expect((await look.take()).skipped).toEqual([{ path: 'folder/fü', reason: 'name_not_utf8' }]);
  });

  it('is not stopped by what vanishes, becomes a link or a pipe, or grows meanwhile', async () => {
    const look = createLook(Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`f${index}`, 'x'])));
    mkdirSync(look.at('folder'));
    let isFirst = true;
    const { entries, skipped } = await look.take(undefined, {
      async add(file, maxBytes) {
        if (isFirst) {
          isFirst = false;
          for (const name of ['f20', 'f21', 'f22']) rmSync(look.at(name));
          symlinkSync('/etc/passwd', look.at('f21'));
          execFileSync('/bin/sh', ['-c', 'mkfifo "$0"', look.at('f22')]);
        }
        appendFileSync(look.at('f29'), 'more');
        return look.contents.add(file, maxBytes);
      },
    });
    expect(entries.has('f20')).toBe(false);
    expect(entries.get('f21')).toEqual({ type: 'link', target: '/etc/passwd' });
    expect(entries.get('f22')).toMatchObject({ type: 'special' });
    expect(entries.get('f29')).toMatchObject({ type: 'file' });
    expect(skipped).toEqual([]);
  });

  it('is not taken once nobody waits for it', async () => {
    const trial = createTrial({ file: '1' });
    const reason = new Error('gone');
    await expect(trial.history.begin('turn', trial.workspace, AbortSignal.abort(reason))).rejects.toBe(
      reason,
    );
  });
});
