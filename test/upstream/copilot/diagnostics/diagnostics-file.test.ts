import { existsSync, readFileSync, readSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createDiagnosticsFile } from '../../../../src/upstream/copilot/diagnostics/diagnostics-file.ts';
import { makePipe, makeUnreadPipe } from '../../../support/make-pipe.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

/** Appends lines, all at once, and waits until they are written or lost. */
async function append(file: string, lines: readonly string[], maxFileBytes = 1000): Promise<unknown[]> {
  const lost: unknown[] = [];
  const open = createDiagnosticsFile({ file, maxFileBytes, onLost: (error) => lost.push(error) });
  for (const line of lines) open.append(() => line, line.length);
  await open.close();
  return lost;
}

const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);

describe('the file of diagnostics', () => {
  it('is made with its folders for its owner alone, when there is a line', async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'a', 'b', 'diagnostics.jsonl');
    expect(await append(file, [])).toEqual([]);
    expect(existsSync(join(folder, 'a'))).toBe(false);
    expect(await append(file, ['one', 'two'])).toEqual([]);
    expect(readFileSync(file, 'utf8')).toBe('one\ntwo\n');
    expect([modeOf(file), modeOf(join(folder, 'a')), modeOf(join(folder, 'a', 'b'))]).toEqual([
      '600',
      '700',
      '700',
    ]);
  });

  it('is continued, and closed to others if it was open to them', async () => {
    const file = join(temporaryFolder(), 'diagnostics.jsonl');
    writeFileSync(file, 'zero\n', { mode: 0o644 });
    await append(file, ['one']);
    expect(readFileSync(file, 'utf8')).toBe('zero\none\n');
    expect(modeOf(file)).toBe('600');
  });

  it('has the lines in the order of the calls', async () => {
    const file = join(temporaryFolder(), 'diagnostics.jsonl');
    const lines = Array.from({ length: 1000 }, (_, index) => String(index));
    await append(file, lines, 1e6);
    expect(readFileSync(file, 'utf8')).toBe(`${lines.join('\n')}\n`);
  });

  it('is renamed over the one before when a line would make it too large', async () => {
    const file = join(temporaryFolder(), 'diagnostics.jsonl');
    writeFileSync(`${file}.1`, 'older');
    const lines = ['a', 'b', 'c', 'd', 'e'].map((letter) => letter.repeat(9));
    await append(file, lines.slice(0, 2), 20);
    expect(readFileSync(`${file}.1`, 'utf8')).toBe('older');
    await append(file, lines.slice(2), 20);
    expect(readFileSync(file, 'utf8')).toBe(`${'e'.repeat(9)}\n`);
    expect(readFileSync(`${file}.1`, 'utf8')).toBe(`${'c'.repeat(9)}\n${'d'.repeat(9)}\n`);
    expect([modeOf(file), modeOf(`${file}.1`)]).toEqual(['600', '600']);
  });

  it('may consist of one line that is too large by itself', async () => {
    const file = join(temporaryFolder(), 'diagnostics.jsonl');
    await append(file, ['a'.repeat(50), 'b'], 20);
    expect(readFileSync(`${file}.1`, 'utf8')).toBe(`${'a'.repeat(50)}\n`);
    expect(readFileSync(file, 'utf8')).toBe('b\n');
  });

  it.skipIf(process.platform === 'win32')('may be a pipe, whose reader it does not wait for', async () => {
    const { path, descriptor } = makePipe();
    expect(await append(path, ['one'])).toEqual([]);
    const bytes = Buffer.alloc(10);
    expect(bytes.toString('utf8', 0, readSync(descriptor, bytes))).toBe('one\n');
    expect(await append(makeUnreadPipe(), ['two'])).toMatchObject([{ code: 'ENXIO' }]);
  });

  it('that somebody has removed is made anew', async () => {
    const folder = temporaryFolder();
    await append(join(folder, 'a', 'diagnostics.jsonl'), ['one']);
    rmSync(join(folder, 'a'), { recursive: true });
    await append(join(folder, 'a', 'diagnostics.jsonl'), ['two']);
    expect(readFileSync(join(folder, 'a', 'diagnostics.jsonl'), 'utf8')).toBe('two\n');
  });

  it.each([
    ['below a file', (folder: string) => join(folder, 'file', 'diagnostics.jsonl'), 'ENOTDIR'],
    ['that is a folder', (folder: string) => folder, 'EISDIR'],
    ['below /proc', () => '/proc/missing/diagnostics.jsonl', 'ENOENT'],
    ['on a full disk', () => '/dev/full', 'ENOSPC'],
  ])('%s reports the first error alone', async (_name, locate, code) => {
    if (code === 'ENOSPC' && !existsSync('/dev/full')) return;
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'file'), '');
    const lost: unknown[] = [];
    const file = createDiagnosticsFile({
      file: locate(folder),
      maxFileBytes: 1000,
      onLost: (error) => lost.push(error),
    });
    file.append(() => 'one', 3);
    await file.close();
    file.append(() => 'two', 3);
    await file.close();
    expect(lost).toEqual([expect.objectContaining({ code })]);
  });

  it('has the lines that came after a failure has ended', async () => {
    const folder = temporaryFolder();
    const lost: unknown[] = [];
    const path = join(folder, 'a', 'diagnostics.jsonl');
    writeFileSync(join(folder, 'a'), '');
    const file = createDiagnosticsFile({
      file: path,
      maxFileBytes: 1000,
      onLost: (error) => lost.push(error),
    });
    file.append(() => 'one', 3);
    await file.close();
    rmSync(join(folder, 'a'));
    file.append(() => 'two', 3);
    await file.close();
    expect(readFileSync(path, 'utf8')).toBe('two\n');
    expect(lost).toHaveLength(1);
  });

  it('holds a limited number of bytes for a slow disk', async () => {
    const file = join(temporaryFolder(), 'diagnostics.jsonl');
    const lost: unknown[] = [];
    const open = createDiagnosticsFile({ file, maxFileBytes: 1000, onLost: (error) => lost.push(error) });
    open.append(() => 'one', 60 * 1024 * 1024);
    open.append(() => 'two', 60 * 1024 * 1024);
    open.append(() => 'three', 5);
    await open.close();
    expect(readFileSync(file, 'utf8')).toBe('one\nthree\n');
    expect(lost).toEqual([new Error('the disk is too slow')]);
  });

  it('loses one line alone if that cannot be made', async () => {
    const file = join(temporaryFolder(), 'diagnostics.jsonl');
    const lost: unknown[] = [];
    const open = createDiagnosticsFile({ file, maxFileBytes: 1000, onLost: (error) => lost.push(error) });
    open.append(() => 'one', 3);
    open.append(() => {
      throw new Error('unmade');
    }, 3);
    open.append(() => 'three', 3);
    await open.close();
    expect(readFileSync(file, 'utf8')).toBe('one\nthree\n');
    expect(lost).toEqual([new Error('unmade')]);
  });
});
