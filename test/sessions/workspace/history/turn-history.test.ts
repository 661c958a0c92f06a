import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createTurnHistory } from '../../../../src/sessions/workspace/history/turn-history.ts';
import { UndoSkippedError } from '../../../../src/sessions/workspace/history/undo-errors.ts';
import { readTree } from '../../../support/read-tree.ts';
import { createTrial, SNAPSHOT_LIMITS } from '../../../support/workspace-trial.ts';

const DAY_MS = 86_400_000;

function git(folder: string, ...args: string[]): string {
  const identity = ['-c', 'user.name=t', '-c', 'user.email=t@example.com', '-c', 'commit.gpgsign=false'];
  return execFileSync('git', [...identity, ...args], { cwd: folder, encoding: 'utf8', stdio: 'pipe' });
}

/** Everything in .git, and when its index was written. */
function readGit(folder: string) {
  return { tree: readTree(join(folder, '.git')), writtenAt: statSync(join(folder, '.git/index')).mtimeMs };
}

describe('the history of turns', () => {
  it('leaves everything of git as it is: index, HEAD, stash and refs', async () => {
    const trial = createTrial({ 'a.txt': 'one\n', 'b.txt': 'two\n', '.gitignore': 'ignored\n' });
    git(trial.workspace, 'init', '-q', '-b', 'main');
    git(trial.workspace, 'add', '.');
    git(trial.workspace, 'commit', '-qm', 'first');
    trial.write('a.txt', 'stashed\n');
    git(trial.workspace, 'stash');
    trial.write('b.txt', 'staged\n');
    git(trial.workspace, 'add', 'b.txt');
    trial.write('a.txt', 'not staged\n');
    const status = git(trial.workspace, 'status', '--porcelain');
    const before = readGit(trial.workspace);

    await trial.turn('turn', () => {
      trial.write('a.txt', 'by turn\n');
      trial.write('ignored', 'by turn\n');
      rmSync(trial.at('b.txt'));
    });
    await trial.history.describe(['turn']);
    expect(await trial.history.undo(['turn'])).toEqual(['a.txt', 'b.txt', 'ignored']);
    await trial.history.prune();
    expect(readGit(trial.workspace)).toEqual(before);
    expect(git(trial.workspace, 'status', '--porcelain')).toBe(status);
    expect(readFileSync(trial.at('a.txt'), 'utf8')).toBe('not staged\n');
  });

  it('goes on after a restart, for a turn that was running as well', async () => {
    const trial = createTrial({ 'odd\n"name': 'one', folder: '' });
    const before = readTree(trial.workspace);
    await trial.turn('ended', () => trial.write('odd\n"name', 'two'));
    await trial.history.begin('running', trial.workspace);
    trial.write('odd\n"name', 'three');

    const history = trial.open();
    expect((await history.find('running'))?.changes).toMatchObject([{ path: 'odd\n"name' }]);
    expect(await history.end('running')).toEqual(await history.end('running'));
    await history.undo(['running', 'ended']);
    expect(readTree(trial.workspace)).toEqual(before);
  });

  it('measures a running turn at any time, and ends it only once', async () => {
    const trial = createTrial({ file: '1' });
    await trial.history.begin('turn', trial.workspace);
    expect((await trial.history.find('turn'))?.changes).toEqual([]);
    trial.write('file', '2');
    expect((await trial.history.describe(['turn'])).diff).toContain('-1\n\\ No newline at end of file\n+2');
    const ended = await trial.history.end('turn');
    trial.write('file', '3');
    expect(await trial.history.end('turn')).toEqual(ended);
    expect((await trial.history.describe(['turn'])).diff).toContain('+2');
  });

  it('does not know turns that were undone or forgotten, or that never began', async () => {
    const trial = createTrial({ file: '1' });
    await trial.turn('one', () => trial.write('file', '2'));
    await trial.turn('two', () => trial.write('file', '3'));
    await trial.history.undo(['two']);
    await trial.history.forget(['one', 'never']);
    for (const turnId of ['one', 'two', 'never']) {
      expect(await trial.history.find(turnId)).toBeUndefined();
      expect(await trial.history.end(turnId)).toBeUndefined();
      await expect(trial.history.undo([turnId])).rejects.toThrow(UndoSkippedError);
    }
    expect(await trial.history.describe(['one', 'two', 'never'])).toEqual({ diff: '', files: [] });
  });

  it('refuses an id that could name another file', async () => {
    const trial = createTrial({ file: '1' });
    await expect(trial.history.begin('../turn', trial.workspace)).rejects.toThrow(TypeError);
    expect(await trial.history.find('../turn')).toBeUndefined();
    expect(readdirSync(trial.folder)).not.toContain('turn.jsonl');
  });

  it('never reads itself or the folders of the gateway, even if the workspace contains them', async () => {
    const trial = createTrial({ file: '1', 'config/token': 'secret-token-of-test', 'state/log': '' });
    const history = createTurnHistory({
      folder: trial.at('state/turns'),
      limits: SNAPSHOT_LIMITS,
      leftOut: [trial.at('config')],
    });
    await history.begin('turn', trial.workspace);
    trial.write('config/token', 'other-token-of-test');
    trial.write('file', '2');
    const { changes } = (await history.end('turn'))!;
    expect(changes.map(({ path }) => path)).toEqual(['file']);
    expect(() => execFileSync('grep', ['-r', 'token-of-test', trial.at('state')])).toThrow();
  });

  it('lists no more of what was left out than is of use', async () => {
    const files = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`${index}`, 'too large']));
    const trial = createTrial(files, { fileBytes: 3 });
    const turn = await trial.turn('turn', () => {});
    expect(turn.skipped).toHaveLength(200);
    expect(turn.skippedCount).toBe(300);
  });

  it('tells apart two turns that run at once in one workspace only by what they saw', async () => {
    const trial = createTrial({ a: '1', b: '1' });
    await Promise.all([
      trial.history.begin('one', trial.workspace),
      trial.history.begin('two', trial.workspace),
    ]);
    trial.write('a', 'by one');
    await trial.history.end('one');
    trial.write('b', 'by two');
    await trial.history.end('two');
    await trial.history.undo(['one']);
    expect(readFileSync(trial.at('a'), 'utf8')).toBe('1');
    expect(readFileSync(trial.at('b'), 'utf8')).toBe('by two');
  });

  it('names no path if the disk fails', async () => {
    const trial = createTrial({ file: '1' });
    rmSync(trial.folder, { recursive: true });
    writeFileSync(trial.folder, 'not a folder');
    const error = await trial.history.begin('turn', trial.workspace).catch((error: unknown) => error);
    expect(error).toMatchObject({ code: 'storage_failed' });
    expect(String(error)).not.toContain('/');
  });
});

/** Digests of everything that is kept. */
const keptIn = (folder: string) =>
  existsSync(join(folder, 'contents')) ? readdirSync(join(folder, 'contents')) : [];

describe('pruning', () => {
  it('removes turns that are too old, and what only they needed', async () => {
    const trial = createTrial({ file: 'old content' });
    await trial.turn('old', () => trial.write('file', 'content'));
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 15 * DAY_MS });
    onTestFinished(() => void vi.useRealTimers());
    await trial.turn('young', () => trial.write('file', 'new content'));
    await trial.history.prune();
    expect(await trial.history.find('old')).toBeUndefined();
    expect(keptIn(trial.folder)).toHaveLength(2);
    await trial.history.undo(['young']);
    expect(readFileSync(trial.at('file'), 'utf8')).toBe('content');
  });

  it('keeps no more bytes than the limit, and lets the oldest turns go first', async () => {
    const trial = createTrial({ file: 'x'.repeat(1_000) }, { bytes: 10_000 });
    const ids = Array.from({ length: 30 }, (_, index) => `turn-${index}`);
    for (const [index, turnId] of ids.entries()) {
      await trial.turn(turnId, () => trial.write('file', String.fromCharCode(97 + index).repeat(1_000)));
    }
    await trial.history.prune();
    const bytes = execFileSync('sh', ['-c', 'cat contents/* ended/* | wc -c'], {
      cwd: trial.folder,
      encoding: 'utf8',
    });
    expect(Number(bytes)).toBeLessThanOrEqual(10_000);
    expect(await trial.history.find('turn-0')).toBeUndefined();
    expect(await trial.history.undo(['turn-29', 'turn-28'])).toEqual(['file']);
    expect(readFileSync(trial.at('file'), 'utf8')).toBe(String.fromCharCode(97 + 27).repeat(1_000));
  });

  it('happens by itself while turns come', async () => {
    const trial = createTrial({ file: '' }, { bytes: 10_000 });
    for (let index = 0; index < 40; index += 1) {
      await trial.turn(`turn-${index}`, () => trial.write('file', `${index}`.padStart(900)));
    }
    expect(keptIn(trial.folder).length).toBeLessThan(15);
  });

  it('keeps what a running turn needs, however old or large it is', async () => {
    const trial = createTrial({ file: 'x'.repeat(900), other: 'y'.repeat(900) }, { bytes: 2_000 });
    const before = readTree(trial.workspace);
    await trial.history.begin('running', trial.workspace);
    for (let index = 0; index < 5; index += 1) {
      await trial.turn(`turn-${index}`, () => trial.write('file', `${index}`.repeat(900)));
    }
    trial.write('other', 'changed');
    await trial.open().prune();
    await trial.history.end('running');
    await trial.history.undo(['running']);
    expect(readTree(trial.workspace)).toEqual(before);
  });

  it('lets first go what the next snapshot can read again', async () => {
    const trial = createTrial(
      { a: 'a'.repeat(9_000), b: 'b'.repeat(9_000), c: 'c'.repeat(9_000) },
      { bytes: 30_000 },
    );
    await trial.turn('one', () => trial.write('a', 'd'.repeat(9_000)));
    await trial.history.prune();
    expect(keptIn(trial.folder)).toHaveLength(3);
    await trial.turn('two', () => trial.write('b', 'e'));
    await trial.history.prune();
    await trial.history.undo(['two', 'one']);
    expect(readFileSync(trial.at('a'), 'utf8')).toBe('a'.repeat(9_000));
    expect(readFileSync(trial.at('b'), 'utf8')).toBe('b'.repeat(9_000));
  });

  it('keeps the turn that ended last, even if it is larger than the limit', async () => {
    const trial = createTrial({ file: 'x'.repeat(900), other: 'x'.repeat(900) }, { bytes: 2_000 });
    await trial.turn('turn', () => {
      trial.write('file', 'y'.repeat(900));
      trial.write('other', 'z'.repeat(900));
    });
    await trial.history.prune();
    expect(await trial.history.undo(['turn'])).toEqual(['file', 'other']);
  });

  it('removes drafts of killed processes', async () => {
    const trial = createTrial({ file: '1' });
    await trial.turn('turn', () => {});
    const draft = join(trial.folder, 'contents', 'draft-old');
    writeFileSync(draft, 'half');
    execFileSync('touch', ['-d', '2 hours ago', draft]);
    await trial.history.prune();
    expect(existsSync(draft)).toBe(false);
  });
});
