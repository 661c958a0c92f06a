import { expect, it } from 'vitest';
import { pairLines, readDiff } from '../../console/parts/diff-files.ts';

const EDIT = [
  'diff --git a/a.txt b/a.txt',
  '--- a/a.txt',
  '+++ b/a.txt',
  '@@ -1,3 +1,3 @@',
  ' one',
  '-two',
  '+TWO',
  ' three',
  '',
].join('\n');

it('a diff is read into files with the numbers of their lines', () => {
  const [file] = readDiff(EDIT);
  expect(file).toMatchObject({ path: 'a.txt', change: 'edited', added: 1, removed: 1 });
  expect(
    file!.lines.map(({ kind, text, oldNumber, newNumber }) => [kind, text, oldNumber, newNumber]),
  ).toEqual([
    ['same', 'one', 1, 1],
    ['removed', 'two', 2, null],
    ['added', 'TWO', null, 2],
    ['same', 'three', 3, 3],
  ]);
});

it('lines in a file that look like the head of another file stay lines of that file', () => {
  const diff = [
    'diff --git a/real.txt b/real.txt',
    '--- a/real.txt',
    '+++ b/real.txt',
    '@@ -1,2 +1,2 @@',
    '--- a/harmless.txt',
    '+++ b/harmless.txt',
    ' end',
    '@@ -9 +9 @@',
    '-old',
    '+new',
    '',
  ].join('\n');
  const files = readDiff(diff);
  expect(files.map(({ path }) => path)).toEqual(['real.txt']);
  expect(files[0]).toMatchObject({ added: 2, removed: 2 });
});

it('new, deleted, renamed and empty files and changed modes are named as what they are', () => {
  const diff = [
    'diff --git a/new.sh b/new.sh',
    'new file mode 100755',
    '--- /dev/null',
    '+++ b/new.sh',
    '@@ -0,0 +1 @@',
    '+echo',
    'diff --git a/gone b/gone',
    'deleted file mode 100644',
    'diff --git a/from.txt b/to.txt',
    'rename from from.txt',
    'rename to to.txt',
    'diff --git "a/odd\\nname" "b/odd\\nname"',
    'old mode 100644',
    'new mode 100755',
    '',
  ].join('\n');
  expect(readDiff(diff).map(({ path, from, change, remark }) => [path, from, change, remark])).toEqual([
    ['new.sh', null, 'created', 'It can be run as a program.'],
    ['gone', null, 'deleted', 'It was empty, or its content is too large to show.'],
    ['to.txt', 'from.txt', 'renamed', 'Its content stays as it is.'],
    ['odd\nname', null, 'edited', 'Mode 100644 becomes 100755. No line of it is shown.'],
  ]);
});

it('side by side, an added line is beside the one that it replaces', () => {
  const [file] = readDiff(EDIT);
  expect(pairLines(file!.lines).map((pair) => pair.map((line) => line?.text))).toEqual([
    ['one', 'one'],
    ['two', 'TWO'],
    ['three', 'three'],
  ]);
});
