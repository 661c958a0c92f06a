import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, renameSync, rmSync, symlinkSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { edit, randomEdits } from '../../../support/random-edits.ts';
import { readTree } from '../../../support/read-tree.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { createTrial } from '../../../support/workspace-trial.ts';
import { runCount } from '../../../support/run-count.ts';

type Trial = ReturnType<typeof createTrial>;

async function describeTurn(trial: Trial, edits: () => void) {
  await trial.turn('turn', edits);
  return trial.history.describe(['turn']);
}

describe('the diff of a turn', () => {
  it('shows edited, created, deleted and renamed files in one unified diff', async () => {
    const trial = createTrial({ edited: 'one\ntwo\n', deleted: 'gone\n', old: 'same content\n' });
    const { diff, files } = await describeTurn(trial, () => {
      trial.write('edited', 'one\nTWO\n');
      trial.write('folder/created', 'new\n');
      rmSync(trial.at('deleted'));
      renameSync(trial.at('old'), trial.at('folder/new'));
    });
    expect(diff).toBe(
      `diff --git a/deleted b/deleted
deleted file mode 100644
--- a/deleted
+++ /dev/null
@@ -1,1 +0,0 @@
-gone
diff --git a/edited b/edited
--- a/edited
+++ b/edited
@@ -1,2 +1,2 @@
 one
-two
+TWO
diff --git a/folder/created b/folder/created
new file mode 100644
--- /dev/null
+++ b/folder/created
@@ -0,0 +1,1 @@
+new
diff --git a/old b/folder/new
rename from old
rename to folder/new
`,
    );
    expect(files).toEqual([
      { path: 'deleted', change: 'deleted', type: 'file' },
      { path: 'edited', change: 'edited', type: 'file' },
      { path: 'folder', change: 'created', type: 'folder' },
      { path: 'folder/created', change: 'created', type: 'file' },
      { path: 'folder/new', change: 'renamed', from: 'old', type: 'file' },
    ]);
  });

  it('shows modes, links, and a file that became a link', async () => {
    const trial = createTrial({ run: '#!/bin/sh\n', private: 'x\n', file: 'text\n' });
    const { diff, files } = await describeTurn(trial, () => {
      chmodSync(trial.at('run'), 0o755);
      chmodSync(trial.at('private'), 0o600);
      symlinkSync('run', trial.at('link'));
      unlinkSync(trial.at('file'));
      symlinkSync('private', trial.at('file'));
    });
    expect(diff).toContain('diff --git a/run b/run\nold mode 100644\nnew mode 100755\n');
    expect(diff).toContain('diff --git a/private b/private\nold mode 100644\nnew mode 100600\n');
    expect(diff).toContain(
      'new file mode 120000\n--- /dev/null\n+++ b/link\n@@ -0,0 +1,1 @@\n+run\n\\ No newline',
    );
    expect(diff).toContain('deleted file mode 100644\n--- a/file\n+++ /dev/null\n');
    expect(files.map(({ path, type }) => [path, type])).toEqual([
      ['file', 'link'],
      ['link', 'link'],
      ['private', 'file'],
      ['run', 'file'],
    ]);
  });

  it('names binary and huge files without content', async () => {
    const trial = createTrial({ binary: Uint8Array.from([0, 1]), latin1: Uint8Array.from([0xfc]), huge: '' });
    const { diff, files } = await describeTurn(trial, () => {
      trial.write('binary', Uint8Array.from([0, 2]));
      trial.write('latin1', Uint8Array.from([0xe4]));
      trial.write('huge', 'line\n'.repeat(200_000));
    });
    expect(diff).toBe(
      'diff --git a/binary b/binary\nBinary files a/binary and b/binary differ\n' +
        'diff --git a/huge b/huge\nFiles a/huge and b/huge differ\n' +
        'diff --git a/latin1 b/latin1\nBinary files a/latin1 and b/latin1 differ\n',
    );
    expect(files).toMatchObject([{ isBinary: true }, { isTooLarge: true }, { isBinary: true }]);
  });

  it('of several turns is what changed in all', async () => {
    const trial = createTrial({ a: '1\n', b: '1\n', c: '1\n' });
    await trial.turn('one', () => {
      trial.write('a', '2\n');
      trial.write('b', '2\n');
      rmSync(trial.at('c'));
    });
    await trial.turn('two', () => {
      trial.write('a', '3\n');
      trial.write('b', '1\n');
      trial.write('c', '3\n');
    });
    const { diff, files } = await trial.history.describe(['one', 'two']);
    expect(files.map(({ path, change }) => [path, change])).toEqual([
      ['a', 'edited'],
      ['c', 'edited'],
    ]);
    expect(diff).toContain('-1\n+3\n');
    expect((await trial.history.describe(['two'])).diff).toContain('-2\n+3\n');
  });

  it('is still correct for a file that is wholly different', async () => {
    const lines = (seed: number) =>
      Array.from({ length: 20_000 }, (_, index) => `${(index * seed) % 9973}\n`).join('');
    const trial = createTrial({ file: `first\n${lines(7)}last\n` });
    const { diff } = await describeTurn(trial, () => trial.write('file', `first\n${lines(13)}last\n`));
    const before = temporaryFolder();
    applyTo(before, { file: `first\n${lines(7)}last\n` }, diff);
    expect(readTree(before)).toEqual(readTree(trial.workspace));
  });

  it('is bounded for very many changes', async () => {
    const trial = createTrial();
    const { diff, files } = await describeTurn(trial, () => {
      for (let index = 0; index < 20; index += 1) trial.write(`${index}`, `${index}`.padEnd(400_000, 'x'));
    });
    expect(diff.length).toBeLessThan(5_000_000);
    expect(files).toHaveLength(20);
    expect(files.at(-1)).toMatchObject({ isTooLarge: true });
  });
});

/** Writes files into a folder and applies a diff to them as git does. */
function applyTo(folder: string, files: Readonly<Record<string, string>>, diff: string): void {
  edit(
    folder,
    Object.entries(files).map(([path, content]) => ({
      kind: 'write',
      path,
      other: '',
      content: new TextEncoder().encode(content),
      mode: 0o644,
    })),
  );
  if (diff !== '') {
    execFileSync('git', ['apply', '--whitespace=nowarn', '--unidiff-zero', '-'], {
      cwd: folder,
      input: diff,
      stdio: 'pipe',
      env: {
        PATH: process.env.PATH,
        GIT_CEILING_DIRECTORIES: join(folder, '..'),
        GIT_CONFIG_GLOBAL: '/dev/null',
      },
    });
  }
}

it('the diff of any edits of text makes of the old tree the new one, applied by git', async () => {
  await fc.assert(
    fc.asyncProperty(randomEdits, randomEdits, async (first, edits) => {
      const isText = ({ content }: { content: Uint8Array }) =>
        content.every((byte) => byte > 0 && byte < 128);
      const trial = createTrial();
      edit(trial.workspace, first.filter(isText));
      const copy = join(temporaryFolder(), 'copy');
      cpSync(trial.workspace, copy, { recursive: true, verbatimSymlinks: true });
      const { diff } = await describeTurn(trial, () =>
        // git knows neither folders nor other bits of the mode.
        edit(
          trial.workspace,
          edits
            .filter(isText)
            .map((entry) => ({ ...entry, mode: (entry.mode & 0o100) === 0 ? 0o644 : 0o755 })),
        ),
      );
      applyTo(copy, {}, diff);
      const filesOf = (folder: string) =>
        Object.entries(readTree(folder)).filter(([, entry]) => !entry.startsWith('folder'));
      const plain = (entries: [string, string][]) =>
        entries.map(([path, entry]) => [path, entry.replace(/^file ([0-7])[0-7]+/, 'file $1')]);
      expect(plain(filesOf(copy))).toEqual(plain(filesOf(trial.workspace)));
    }),
    runCount(12),
  );
});
