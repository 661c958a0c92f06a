import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readDiff, type DiffPart } from '../../../src/tools/hygiene/diff/read-diff.ts';
import { anyText } from '../../support/any-text.ts';
import { runCount } from '../../support/run-count.ts';
import { createFolder } from '../../support/temporary-folder.ts';

function partsOf(diff: string): DiffPart[] {
  return [...readDiff(diff)].filter((part) => part !== undefined);
}

/** Added lines as `path:line:text`. */
function addedIn(diff: string): string[] {
  return partsOf(diff).flatMap((part) =>
    part.kind === 'added' ? [`${part.file.path}:${part.line ?? ''}:${part.text}`] : [],
  );
}

function filesIn(diff: string) {
  return partsOf(diff).flatMap((part) => (part.kind === 'end' && part.file.path !== '' ? [part.file] : []));
}

const HUNK = '@@ -1 +1,2 @@\n a\n+b\n';

describe('the path of a file is that of the new version', () => {
  it.each([
    ['diff --git a/x b/x\n--- a/x\n+++ b/x\n', 'x'],
    ['diff --git x x\n--- x\n+++ x\n', 'x'],
    ['diff --git b/x b/x\n--- b/x\n+++ b/x\n', 'b/x'],
    ['diff --git i/src/x w/src/x\n--- i/src/x\n+++ w/src/x\n', 'src/x'],
    ['diff --git old/x new/x\n--- old/x\n+++ new/x\n', 'x'],
    ['diff --git a/one two b/one two\n--- a/one two\t\n+++ b/one two\t\n', 'one two'],
    [
      'diff --git "a/\\303\\244\\t\\"\\\\" "b/\\303\\244\\t\\"\\\\"\n--- "a/\\303\\244\\t\\"\\\\"\n+++ "b/\\303\\244\\t\\"\\\\"\n',
      'ä\t"\\',
    ],
    [
      'diff --git a/x "b/\\n"\nsimilarity index 90%\nrename from x\nrename to "\\n"\n--- a/x\n+++ "b/\\n"\n',
      '\n',
    ],
    ['diff --git a/a b/b\nrename from a\nrename to b\n--- a/a\n+++ b/b\n', 'b'],
    ['diff --git a/x b/x\nrename from a/x\nrename to b/x\n--- a/x\n+++ b/x\n', 'b/x'],
    ['diff --git a/a b/b\ncopy from a\ncopy to b\n--- a/a\n+++ b/b\n', 'b'],
    ['--- a/x\n+++ b/x\n', 'x'],
    ['+++ b/x\n', 'x'],
    ['--- /dev/null\n+++ b/x\n', 'x'],
    ['--- x.orig\t2020-01-01 00:00:00.0 +0000\n+++ x\t2020-01-01 00:00:00.0 +0000\n', 'x'],
    ['diff -ru old/x new/x\n--- old/x\t2020-01-01\n+++ new/x\t2020-01-01\n', 'new/x'],
    ['Index: x\n=====\n--- x\t(revision 1)\n+++ x\t(working copy)\n', 'x'],
    ['diff --git a/x b/x\r\n--- a/x\r\n+++ b/x\r\n', 'x'],
  ])('%j', (headers, path) => {
    expect(addedIn(headers + HUNK)).toEqual([`${path}:2:b`]);
  });
});

it('a combined diff shows lines that at least one parent does not have', () => {
  const diff =
    'diff --cc one two\nindex 1,2..3\n--- a/one two\n+++ b/one two\n@@@ -1,2 -1,2 +1,3 @@@ f\n  a\n- b\n -c\n++d\n +e\n';
  expect(addedIn(diff)).toEqual(['one two:2:d', 'one two:3:e']);
});

it('a file says if it is new, removed or binary', () => {
  const diff = [
    'Binary files old/five and new/five differ\n',
    'diff --git a/one b/one\nnew file mode 100644\nindex 0000000..1\nBinary files /dev/null and b/one differ\n',
    'diff --git a/two b/two\ndeleted file mode 100644\nBinary files a/two and /dev/null differ\n',
    'diff --git a/three b/three\nindex 1..2 100644\nGIT binary patch\nliteral 70\nzcmV\n\nliteral 12\nzcmV\n\n',
    'diff --git a/four b/four\nold mode 100644\nnew mode 100755\n',
  ].join('');
  expect(
    filesIn(diff).map(({ path, isNew, isRemoved, isBinary, binaryBytes }) => [
      path,
      isNew,
      isRemoved,
      isBinary,
      binaryBytes,
    ]),
  ).toEqual([
    ['new/five', false, false, true, 0],
    ['one', true, false, true, 0],
    ['two', false, true, true, 0],
    ['three', false, false, true, 70],
    ['four', false, false, false, 0],
  ]);
  expect(filesIn('Binary files old/five and new/five differ\n')).toMatchObject([
    { path: 'new/five', isBinary: true },
  ]);
});

describe('lines are not hidden', () => {
  it.each([
    ['by a header that promises fewer', '@@ -0,0 +1 @@\n+a\n+b\n', ['x:1:a', 'x:2:b']],
    [
      'by a header that promises more',
      '@@ -0,0 +1,9 @@\n+a\n--- a/y\n+++ b/y\n@@ -0,0 +1 @@\n+b\n',
      ['x:1:a', 'y:1:b'],
    ],
    [
      'by text that looks like headers',
      '@@ -1,2 +1,3 @@\n a\n--- a/y\n+++ b/y\n+b\n',
      ['x:2:++ b/y', 'x:3:b'],
    ],
    [
      'by headers that follow lines like headers',
      '@@ -1 +1 @@\n--- a/y\n+++ b/y\n@@ -5 +5 @@\n-a\n+b\n',
      ['x:1:++ b/y', 'x:5:b'],
    ],
    ['by an empty context line that lost its space', '@@ -1,2 +1,3 @@\n a\n\n+b\n', ['x:3:b']],
    ['by a line number out of all bounds', '@@ -1 +999999999999999999999999 @@\n+b\n', ['x:1099511627776:b']],
    [
      'by a note about the end of the file',
      '@@ -1 +1,2 @@\n-a\n\\ No newline at end of file\n+a\n+b\n\\ No newline at end of file\n',
      ['x:1:a', 'x:2:b'],
    ],
  ])('%s', (_, hunk, lines) => {
    expect(addedIn(`--- a/x\n+++ b/x\n${hunk}`)).toEqual(lines);
  });

  it('by missing hunk headers, without which they have no number', () => {
    expect(addedIn('+a\n')).toEqual(['::a']);
    expect(addedIn('--- a/x\n+++ b/x\n+a\n')).toEqual(['x::a']);
  });
});

it('a diff that was changed to CR and LF has lines without them, and a file that has them keeps them', () => {
  expect(addedIn('--- a/x\r\n+++ b/x\r\n@@ -0,0 +1 @@\r\n+a\r\n')).toEqual(['x:1:a']);
  expect(addedIn('--- a/x\n+++ b/x\n@@ -0,0 +1 @@\n+a\r\n')).toEqual(['x:1:a\r']);
});

it('only the last added line can be the end of a file without a line feed', () => {
  const diff =
    '--- a/x\n+++ b/x\n@@ -1 +1,2 @@\n-a\n\\ No newline at end of file\n+a\n+b\n\\ No newline at end of file\n';
  const ends = partsOf(diff).flatMap((part) => (part.kind === 'added' ? [part.isUnterminated] : []));
  expect(ends).toEqual([false, true]);
});

it('any text is read without an error', () => {
  const word = fc.constantFrom(
    'diff --git ',
    'a/x',
    ' b/x',
    '\n',
    '--- ',
    '+++ ',
    '@@ -1,2 +1,3 @@',
    '@@@ -1 -1 +1 @@@',
    '+',
    '-',
    '\\',
    '"',
    'rename to ',
    '\r',
    'Binary files ',
    ' and ',
    ' differ',
    ' ',
  );
  const text = fc.array(fc.oneof(word, anyText({ maxLength: 3 }))).map((words) => words.join(''));
  fc.assert(
    fc.property(text, (diff) => {
      for (const part of partsOf(diff)) if (part.kind === 'added') expect(part.line ?? 1).toBeGreaterThan(0);
    }),
    runCount(200),
  );
});

describe('of what git shows for random trees', () => {
  const name = fc.constantFrom(
    'a',
    'b/c',
    'b b/d',
    'ä/ö.ts',
    'quote"s',
    'tab\tname',
    'line\nfeed',
    'b/b',
    ' lead',
    'a and b differ',
    'x -> y',
  );
  const line = fc.constantFrom(
    '',
    ' ',
    '+',
    '-',
    '-- a/x',
    '++ b/x',
    '@@ -1 +1 @@',
    'diff --git a/x b/x',
    'same',
    'other',
    'x\r',
    '\\ No newline',
    '\t',
    'é',
  );
  const content = fc
    .array(line, { maxLength: 12 })
    .chain((lines) => fc.constantFrom(lines.join('\n'), lines.map((one) => `${one}\n`).join('')));
  const tree = fc.dictionary(name, content, { maxKeys: 5 });
  const options = fc.subarray([
    '-M',
    '-C',
    '--no-prefix',
    '--full-index',
    '--binary',
    '-U0',
    '--patience',
    '-w',
  ]);

  it('each added line is in the new file under its number, and none is missing', () => {
    const folder = createFolder();
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'core.autocrlf=false', ...args], {
        cwd: folder,
        encoding: 'utf8',
        env: { PATH: process.env.PATH, HOME: folder, GIT_CONFIG_NOSYSTEM: '1' },
      });
    /** Writes the files in place of all others. */
    const write = (files: Record<string, string>) => {
      for (const entry of readdirSync(folder)) {
        if (entry !== '.git') rmSync(join(folder, entry), { recursive: true });
      }
      for (const [path, text] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), text);
      }
    };
    try {
      git('init', '-q');
      fc.assert(
        fc.property(tree, tree, options, fc.boolean(), (before, after, flags, quotesPaths) => {
          write(before);
          git('add', '-A');
          const tree = git('write-tree').trim();
          write(after);
          git('add', '-A');
          const diff = git('-c', `core.quotePath=${quotesPaths}`, 'diff', '--cached', ...flags, tree);
          const counts = git(
            'diff',
            '--cached',
            '--numstat',
            '-z',
            ...flags.filter((flag) => !flag.endsWith('prefix')),
            tree,
          );
          let added = 0;
          for (const part of partsOf(diff)) {
            if (part.kind === 'end') continue;
            added += 1;
            expect(readFileSync(join(folder, part.file.path), 'utf8').split('\n')[part.line! - 1]).toBe(
              part.text,
            );
          }
          const expected = [...counts.matchAll(/(?:^|\0)(\d+)\t\d+\t/g)].reduce(
            (sum, [, count]) => sum + Number(count),
            0,
          );
          expect(added).toBe(expected);
        }),
        runCount(12),
      );
    } finally {
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    }
  });
});

it('what is hard to read is read in time that grows with its length', () => {
  const hard = ['\\a', ' a/', ' and ', '@@ ', '-\n', '--- a/x\n+++ b/x\n'];
  for (const unit of hard) {
    for (const start of ['', 'diff --git ', '+++ "', 'Binary files ', '@@ -1 +1 @@\n']) {
      expect(partsOf(start + unit.repeat(50_000)).length).toBeLessThan(50_010);
    }
  }
}, 30_000);
