import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  UndoConflictError,
  UndoSkippedError,
} from '../../../../src/sessions/workspace/history/undo-errors.ts';
import { readTree } from '../../../support/read-tree.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { createTrial } from '../../../support/workspace-trial.ts';

const FILES = {
  'plain.txt': 'one\ntwo\n',
  'windows.txt': 'one\r\ntwo\r\n',
  'no newline': 'last line',
  empty: '',
  binary: Uint8Array.from([0, 255, 254, 10, 0]),
  latin1: Uint8Array.from([0x4d, 0xfc, 0x6c, 0x6c]),
  'folder/below/deep': 'deep\n',
  'Ä ö\n"…\\': 'odd name',
  '..name': 'dots',
  'a\u2028b\u0085': 'separators',
  '.env': 'SECRET=1\n',
};

type Trial = ReturnType<typeof createTrial>;

const KINDS: Readonly<Record<string, (trial: Trial) => void>> = {
  'edited files of all encodings': ({ write }) => Object.keys(FILES).forEach((name) => write(name, 'other')),
  'deleted files': ({ at }) => Object.keys(FILES).forEach((name) => rmSync(at(name))),
  'a deleted folder': ({ at }) => rmSync(at('folder'), { recursive: true }),
  'created files and folders': ({ write }) => {
    write('new/deeper/file');
    write('folder/new\nname');
  },
  'an empty folder': ({ at }) => mkdirSync(at('made/deep'), { recursive: true }),
  'a renamed file': ({ at }) => renameSync(at('plain.txt'), at('other.txt')),
  'a file renamed to another case': ({ at }) => renameSync(at('plain.txt'), at('PLAIN.txt')),
  'a renamed folder': ({ at }) => renameSync(at('folder'), at('moved')),
  'two files that changed places': ({ at }) => {
    renameSync(at('plain.txt'), at('between'));
    renameSync(at('windows.txt'), at('plain.txt'));
    renameSync(at('between'), at('windows.txt'));
  },
  'a file made executable': ({ at }) => chmodSync(at('plain.txt'), 0o755),
  'a folder made private': ({ at }) => chmodSync(at('folder/below'), 0o700),
  'a folder made read-only': ({ at, write }) => {
    write('folder/below/deep', 'changed');
    chmodSync(at('folder/below'), 0o500);
  },
  'files made by a shell': ({ workspace }) =>
    execFileSync(
      '/bin/sh',
      ['-c', 'mkdir out; echo a > out/a; sed s/one/1/ plain.txt > out/b; rm empty; ln out/a c'],
      {
        cwd: workspace,
      },
    ),
  links: ({ at }) => {
    symlinkSync('plain.txt', at('link'));
    symlinkSync('/nowhere/at all', at('dangling'));
    symlinkSync('folder', at('to folder'));
  },
  'a file that became a link': ({ at }) => {
    unlinkSync(at('plain.txt'));
    symlinkSync('windows.txt', at('plain.txt'));
  },
  'a file that became a folder': ({ at, write }) => {
    unlinkSync(at('plain.txt'));
    write('plain.txt/below/it');
  },
  'a file that became a folder in which nothing can be written': ({ at, write }) => {
    unlinkSync(at('plain.txt'));
    write('plain.txt/below');
    chmodSync(at('plain.txt'), 0o400);
  },
  'a folder that became a file': ({ at, write }) => {
    rmSync(at('folder'), { recursive: true });
    write('folder', 'a file');
  },
  'a folder that became a link': ({ at }) => {
    renameSync(at('folder'), at('elsewhere'));
    symlinkSync('elsewhere', at('folder'));
  },
  'a pipe': ({ at }) => execFileSync('/bin/sh', ['-c', 'mkfifo "$0"', at('pipe')]),
  nothing: () => {},
};

describe('undo', () => {
  it.each(Object.entries(KINDS))('gives back an identical tree after %s', async (_, edits) => {
    const trial = createTrial(FILES);
    symlinkSync('plain.txt', trial.at('old link'));
    const before = readTree(trial.workspace);
    await trial.turn('turn', () => edits(trial));
    await trial.history.undo(['turn']);
    expect(readTree(trial.workspace)).toEqual(before);
  });

  it('removes a socket that the turn left', async () => {
    const trial = createTrial(FILES);
    const before = readTree(trial.workspace);
    await trial.history.begin('turn', trial.workspace);
    const server = createServer().listen(trial.at('socket'));
    await new Promise((resolve) => server.once('listening', resolve));
    onTestFinished(() => void server.close());
    await trial.history.end('turn');
    await trial.history.undo(['turn']);
    expect(readTree(trial.workspace)).toEqual(before);
  });

  it('goes back over several turns that all changed the same file', async () => {
    const trial = createTrial({ file: 'zero' });
    for (const content of ['one', 'two', 'three'])
      await trial.turn(content, () => trial.write('file', content));
    expect(await trial.history.undo(['three', 'two'])).toEqual(['file']);
    expect(readFileSync(trial.at('file'), 'utf8')).toBe('one');
    await trial.history.undo(['one']);
    expect(readFileSync(trial.at('file'), 'utf8')).toBe('zero');
  });

  it('names the paths that it put back, without folders', async () => {
    const trial = createTrial({ a: '1', b: '2' });
    await trial.turn('turn', () => {
      trial.write('new/file');
      trial.write('a', 'changed');
      rmSync(trial.at('b'));
    });
    expect(await trial.history.undo(['turn'])).toEqual(['a', 'b', 'new/file']);
  });

  it('leaves files of others in a folder that the turn made', async () => {
    const trial = createTrial();
    await trial.turn('turn', () => trial.write('made/by turn'));
    trial.write('made/by user', 'mine');
    await trial.history.undo(['turn']);
    expect(readTree(trial.workspace)).toEqual({ made: 'folder 755', 'made/by user': 'file 644 mine' });
  });

  it('never touches .git, at any depth', async () => {
    const trial = createTrial({ '.git/config': 'old', 'below/.git/config': 'old', 'a/.GIT': 'old' });
    const { changes } = await trial.turn('turn', () => {
      for (const path of ['.git/config', 'below/.git/config', 'a/.GIT', 'new/.git/HEAD'])
        trial.write(path, 'new');
    });
    expect(changes.map(({ path }) => path)).toEqual(['new']);
    await trial.history.undo(['turn']);
    for (const path of ['.git/config', 'below/.git/config', 'a/.GIT', 'new/.git/HEAD']) {
      expect(readFileSync(trial.at(path), 'utf8')).toBe('new');
    }
  });

  it('leaves a file alone that somebody has put back already, and does the rest', async () => {
    const trial = createTrial({ a: '1', b: '2' });
    await trial.turn('turn', () => {
      trial.write('a', 'changed');
      trial.write('b', 'changed');
      trial.write('c', 'new');
    });
    trial.write('a', '1');
    rmSync(trial.at('c'));
    expect(await trial.history.undo(['turn'])).toEqual(['b']);
    expect(readFileSync(trial.at('b'), 'utf8')).toBe('2');
  });

  it('keeps other names of a file as they are', async () => {
    const trial = createTrial({ a: '1' });
    const outside = join(temporaryFolder(), 'kept');
    await trial.turn('turn', () => {
      execFileSync('ln', [trial.at('a'), outside]);
      chmodSync(trial.at('a'), 0o755);
    });
    await trial.history.undo(['turn']);
    expect(statSync(outside).ino).toBe(statSync(trial.at('a')).ino);
  });
});

const FOREIGN: Readonly<Record<string, readonly [edits: (trial: Trial) => void, paths: readonly string[]]>> =
  {
    'edited again': [({ write }) => write('edited', 'by user'), ['edited']],
    'replaced by a link to the same content': [
      ({ at }) => {
        renameSync(at('edited'), at('elsewhere'));
        symlinkSync('elsewhere', at('edited'));
      },
      ['edited'],
    ],
    deleted: [({ at }) => rmSync(at('edited')), ['edited']],
    'made executable': [({ at }) => chmodSync(at('edited'), 0o755), ['edited']],
    'a new one at the path of a deleted one': [({ write }) => write('deleted', 'by user'), ['deleted']],
    'a changed one that the turn made': [({ write }) => write('made/new', 'by user'), ['made/new']],
    'a folder in place of one that the turn made': [
      ({ at, write }) => {
        rmSync(at('made'), { recursive: true });
        write('made', 'a file');
      },
      ['made'],
    ],
    'a foreign file in a folder that was a file': [({ write }) => write('file/foreign'), ['file/foreign']],
    'a link in place of the folder of a deleted one': [
      ({ at }) => {
        rmSync(at('old'), { recursive: true });
        symlinkSync('/', at('old'));
      },
      ['old'],
    ],
  };

describe('undo refuses, and writes nothing, if somebody else has left', () => {
  it.each(Object.entries(FOREIGN))('%s', async (_, [edits, paths]) => {
    const trial = createTrial({ edited: '1', deleted: '2', file: '3', 'old/deleted': '4', 'old/kept': '5' });
    await trial.turn('turn', () => {
      trial.write('edited', 'by turn');
      rmSync(trial.at('deleted'));
      rmSync(trial.at('file'));
      trial.write('file/now a folder');
      trial.write('made/new', 'by turn');
      rmSync(trial.at('old/deleted'));
    });
    edits(trial);
    const since = readTree(trial.workspace);
    await expect(trial.history.undo(['turn'])).rejects.toSatisfy(
      (error) => error instanceof UndoConflictError && paths.every((path) => error.paths.includes(path)),
    );
    expect(readTree(trial.workspace)).toEqual(since);
  });

  it('an edit between two turns that are undone together', async () => {
    const trial = createTrial({ file: '1' });
    await trial.turn('one', () => trial.write('file', '2'));
    trial.write('file', 'by user');
    await trial.turn('two', () => trial.write('file', '3'));
    await expect(trial.history.undo(['two', 'one'])).rejects.toThrow(UndoConflictError);
    expect(readFileSync(trial.at('file'), 'utf8')).toBe('3');
    await trial.history.undo(['two']);
    expect(readFileSync(trial.at('file'), 'utf8')).toBe('by user');
  });
});

describe('undo refuses, and writes nothing, if it would need', () => {
  it('a file that was larger than the limit', async () => {
    const trial = createTrial({ large: 'x'.repeat(101), small: '1' }, { fileBytes: 100 });
    const { skipped } = await trial.turn('turn', () => {
      trial.write('large', 'y');
      trial.write('small', '2');
    });
    expect(skipped).toEqual([{ path: 'large', reason: 'file_too_large' }]);
    const error = await trial.history.undo(['turn']).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(UndoSkippedError);
    expect((error as UndoSkippedError).paths).toEqual(['large']);
    expect(readFileSync(trial.at('small'), 'utf8')).toBe('2');
  });

  it('what is in a folder beyond the limit of files', async () => {
    const trial = createTrial({ file: '1' }, { files: 10 });
    const { skipped } = await trial.turn('turn', () => {
      for (let count = 0; count < 20; count += 1) trial.write(`node_modules/${count}`);
    });
    expect(skipped).toEqual([{ path: 'node_modules', reason: 'too_many_files' }]);
    await expect(trial.history.undo(['turn'])).rejects.toThrow(UndoSkippedError);
    rmSync(trial.at('node_modules'), { recursive: true });
    expect(await trial.history.undo(['turn'])).toEqual([]);
  });

  it('a pipe that was deleted', async () => {
    const trial = createTrial({ file: '1' });
    execFileSync('/bin/sh', ['-c', 'mkfifo "$0"', trial.at('pipe')]);
    await trial.turn('turn', () => rmSync(trial.at('pipe')));
    await expect(trial.history.undo(['turn'])).rejects.toThrow(UndoSkippedError);
  });

  it('contents that were damaged or lost', async () => {
    const trial = createTrial({ file: '1', other: '2' });
    const { changes } = await trial.turn('turn', () => {
      trial.write('file', 'changed');
      trial.write('other', 'changed');
    });
    const digests = changes.map(({ before }) => (before?.type === 'file' ? before.digest! : ''));
    writeFileSync(join(trial.folder, 'contents', digests[0]!), 'damaged');
    rmSync(join(trial.folder, 'contents', digests[1]!));
    const error = await trial.history.undo(['turn']).catch((error: unknown) => error);
    expect((error as UndoSkippedError).paths).toEqual(['file', 'other']);
    expect(readFileSync(trial.at('file'), 'utf8')).toBe('changed');
  });

  it('a turn that is not kept', async () => {
    const trial = createTrial({ file: '1' });
    await trial.turn('two', () => trial.write('file', '2'));
    await expect(trial.history.undo(['two', 'one'])).rejects.toThrow(UndoSkippedError);
    expect(readFileSync(trial.at('file'), 'utf8')).toBe('2');
  });
});

it('undo does not need what lies beyond the limits if the turn did not change it', async () => {
  const trial = createTrial({ large: 'x'.repeat(101), file: '1' }, { fileBytes: 100 });
  await trial.turn('turn', () => trial.write('file', '2'));
  await trial.history.undo(['turn']);
  expect(readFileSync(trial.at('file'), 'utf8')).toBe('1');
});

it('undo removes a file that was made larger than the limit, unless it has changed since', async () => {
  const trial = createTrial({}, { fileBytes: 100 });
  await trial.turn('one', () => trial.write('large', 'x'.repeat(101)));
  await trial.history.undo(['one']);
  expect(existsSync(trial.at('large'))).toBe(false);
  await trial.turn('two', () => trial.write('large', 'x'.repeat(101)));
  trial.write('large', 'y'.repeat(101));
  await expect(trial.history.undo(['two'])).rejects.toThrow(UndoConflictError);
});

/** Runs as a user who may not read everything. */
async function asUser(folders: readonly string[], run: () => Promise<void>): Promise<void> {
  if (process.getuid?.() !== 0) return run();
  for (const folder of folders) execFileSync('chown', ['-R', '65534', folder]);
  process.seteuid?.(65534);
  try {
    await run();
  } finally {
    process.seteuid?.(0);
  }
}

describe('undo by a user who is not root', () => {
  it('gives back what the turn made unreadable or unwritable', async () => {
    const trial = createTrial(FILES);
    for (const name of ['closed/a', 'listed/b', 'read-only/c']) trial.write(name);
    const before = readTree(trial.workspace);
    await asUser([trial.workspace, trial.folder], async () => {
      const { skipped } = await trial.turn('turn', () => {
        trial.write('read-only/c', 'changed');
        trial.write('read-only/d');
        chmodSync(trial.at('read-only'), 0o500);
        chmodSync(trial.at('plain.txt'), 0o000);
        chmodSync(trial.at('closed'), 0o000);
        chmodSync(trial.at('listed'), 0o400);
      });
      expect(skipped).toEqual([
        { path: 'closed', reason: 'unreadable' },
        { path: 'listed', reason: 'unreadable' },
        { path: 'plain.txt', reason: 'unreadable' },
      ]);
      await trial.history.undo(['turn']);
    });
    expect(readTree(trial.workspace)).toEqual(before);
  });

  it('refuses to remove a folder that nobody can look into', async () => {
    const trial = createTrial();
    await asUser([trial.workspace, trial.folder], async () => {
      await trial.turn('turn', () => {
        trial.write('made/file');
        chmodSync(trial.at('made'), 0o000);
      });
      await expect(trial.history.undo(['turn'])).rejects.toThrow(UndoSkippedError);
      chmodSync(trial.at('made'), 0o700);
    });
  });

  it('closes a read-only folder again that stays because of a foreign file', async () => {
    const trial = createTrial();
    await asUser([trial.workspace, trial.folder], async () => {
      await trial.turn('turn', () => trial.write('made/by turn'));
      trial.write('made/by user');
      chmodSync(trial.at('made'), 0o500);
      await trial.history.undo(['turn']);
      expect(readTree(trial.workspace)).toEqual({
        made: 'folder 500',
        'made/by user': 'file 644 made/by user',
      });
      chmodSync(trial.at('made'), 0o700);
    });
  });
});
