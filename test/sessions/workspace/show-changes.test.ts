import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AgentChange } from '../../../src/conversation/ports/agent.ts';
import { showChanges } from '../../../src/sessions/workspace/show-changes.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

function createWorkspace(files: Readonly<Record<string, string | Uint8Array>>) {
  const workspace = temporaryFolder();
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(workspace, path)), { recursive: true });
    writeFileSync(join(workspace, path), content);
  }
  const at = (path: string) => join(workspace, path);
  const show = (...changes: AgentChange[]) => showChanges(workspace, changes);
  return { workspace, at, show };
}

const add = (path: string, diff: string): AgentChange => ({ path, kind: { type: 'add' }, diff });
const remove = (path: string, diff = ''): AgentChange => ({ path, kind: { type: 'delete' }, diff });
const update = (path: string, diff: string, movePath?: string): AgentChange => ({
  path,
  kind: { type: 'update', movePath },
  diff: movePath === undefined ? diff : `${diff}\n\nMoved to: ${movePath}`,
});

const THREE = 'one\ntwo\nthree\n';
const HUNK = '@@ -1,3 +1,3 @@\n one\n-two\n+TWO\n three\n';

describe('the diff of a proposed change', () => {
  it('shows a new file, with its path relative to the workspace', async () => {
    const { at, show } = createWorkspace({});
    expect(await show(add(at('sub/new.txt'), 'hello\nworld\n'))).toBe(
      'diff --git a/sub/new.txt b/sub/new.txt\nnew file mode 100644\n--- /dev/null\n+++ b/sub/new.txt\n' +
        '@@ -0,0 +1,2 @@\n+hello\n+world\n',
    );
  });

  it('shows an edit, and a relative path as well', async () => {
    const { at, show } = createWorkspace({ 'a.txt': THREE });
    const expected = `diff --git a/a.txt b/a.txt\n--- a/a.txt\n+++ b/a.txt\n${HUNK}`;
    expect(await show(update(at('a.txt'), HUNK))).toBe(expected);
    expect(await show(update('a.txt', HUNK))).toBe(expected);
  });

  it('shows what is lost if an existing file is added over', async () => {
    const { at, show } = createWorkspace({ 'a.txt': THREE });
    expect(await show(add(at('a.txt'), 'new\n'))).toBe(
      'diff --git a/a.txt b/a.txt\n--- a/a.txt\n+++ b/a.txt\n@@ -1,3 +1,1 @@\n-one\n-two\n-three\n+new\n',
    );
  });

  it('shows a deletion with what is on disk, not with what the change says', async () => {
    const { at, show } = createWorkspace({ 'a.txt': THREE });
    chmodSync(at('a.txt'), 0o755);
    expect(await show(remove(at('a.txt'), 'harmless\n'))).toBe(
      'diff --git a/a.txt b/a.txt\ndeleted file mode 100755\n--- a/a.txt\n+++ /dev/null\n' +
        '@@ -1,3 +0,0 @@\n-one\n-two\n-three\n',
    );
  });

  it('shows a move as a rename, with and without an edit', async () => {
    const { at, show } = createWorkspace({ 'a.txt': THREE });
    expect(await show(update(at('a.txt'), '', at('b/c.txt')))).toBe(
      'diff --git a/a.txt b/b/c.txt\nrename from a.txt\nrename to b/c.txt\n',
    );
    expect(await show(update(at('a.txt'), HUNK.trimEnd(), at('c.txt')))).toBe(
      `diff --git a/a.txt b/c.txt\nrename from a.txt\nrename to c.txt\n--- a/a.txt\n+++ b/c.txt\n${HUNK}`,
    );
  });

  it('shows what is lost if a file is moved over another', async () => {
    const { at, show } = createWorkspace({ 'a.txt': THREE, 'b.txt': 'precious\n' });
    expect(await show(update(at('a.txt'), HUNK, at('b.txt')))).toBe(
      'diff --git a/a.txt b/a.txt\ndeleted file mode 100644\n--- a/a.txt\n+++ /dev/null\n' +
        '@@ -1,3 +0,0 @@\n-one\n-two\n-three\n' +
        'diff --git a/b.txt b/b.txt\n--- a/b.txt\n+++ b/b.txt\n@@ -1,1 +1,3 @@\n-precious\n+one\n+TWO\n+three\n',
    );
  });

  it('shows the hunks of the change if they do not fit the file on disk any more', async () => {
    const { at, show } = createWorkspace({ 'a.txt': 'something else\n' });
    const head = 'diff --git a/a.txt b/a.txt\n--- a/a.txt\n+++ b/a.txt\n';
    expect(await show(update(at('a.txt'), HUNK))).toBe(head + HUNK);
    expect(await show(update(at('a.txt'), 'no hunk at all\n'))).toBe(`${head}no hunk at all\n`);
  });

  it('keeps line ends, and shows a missing final newline', async () => {
    const { at, show } = createWorkspace({ 'a.txt': 'one\r\ntwo', 'b.txt': 'one\r\ntwo\r\n' });
    expect(await show(add(at('a.txt'), 'one\r\ntwo\r\n'))).toContain(
      '@@ -1,2 +1,2 @@\n one\r\n-two\n\\ No newline at end of file\n+two\r\n',
    );
    expect(await show(update(at('b.txt'), '@@ -1,2 +1,2 @@\n one\r\n-two\r\n+TWO\r\n'))).toContain(
      '@@ -1,2 +1,2 @@\n one\r\n-two\r\n+TWO\r\n',
    );
  });

  it('shows the file that a link leads to, and of a deleted link the link', async () => {
    const { at, show } = createWorkspace({ 'folder/a.txt': THREE });
    symlinkSync('folder', at('to folder'));
    symlinkSync('folder/a.txt', at('link'));
    const expected = `diff --git a/folder/a.txt b/folder/a.txt\n--- a/folder/a.txt\n+++ b/folder/a.txt\n${HUNK}`;
    expect(await show(update(at('link'), HUNK))).toBe(expected);
    expect(await show(update(at('to folder/a.txt'), HUNK))).toBe(expected);
    expect(await show(remove(at('link')))).toBe(
      'diff --git a/link b/link\ndeleted file mode 120000\n--- a/link\n+++ /dev/null\n' +
        '@@ -1,1 +0,0 @@\n-folder/a.txt\n\\ No newline at end of file\n',
    );
  });

  it('names binary and huge files without content', async () => {
    const { at, show } = createWorkspace({ binary: Uint8Array.from([0, 1]), huge: 'line\n'.repeat(200_000) });
    expect(await show(add(at('binary'), 'text\n'))).toBe(
      'diff --git a/binary b/binary\nBinary files a/binary and b/binary differ\n',
    );
    expect(await show(remove(at('huge')))).toBe(
      'diff --git a/huge b/huge\ndeleted file mode 100644\nFiles a/huge and /dev/null differ\n',
    );
    const hunk = '@@ -1,2 +1,2 @@\n-line\n+LINE\n line\n';
    expect(await show(update(at('huge'), hunk))).toBe(
      `diff --git a/huge b/huge\n--- a/huge\n+++ b/huge\n${hunk}`,
    );
  });

  it('is bounded for a patch of many large files', async () => {
    const { at, show } = createWorkspace({});
    const large = 'x'.repeat(500_000);
    const diff = await show(...Array.from({ length: 40 }, (_, index) => add(at(`${index}`), large)));
    expect(diff.length).toBeLessThan(6_000_000);
    expect(diff).toContain('Files /dev/null and b/39 differ\n');
  });

  it('quotes names that would forge lines of the diff', async () => {
    const { at, show } = createWorkspace({});
    const diff = await show(add(at('a\n+++ b/harmless"\\\t\u0085'), 'x\n'), add(at('with blanks'), 'y\n'));
    expect(diff).toContain('+++ "b/a\\n+++ b/harmless\\"\\\\\\t\\302\\205"\n');
    expect(diff).toContain('+++ b/with blanks\t\n');
    expect(diff.split('\n').filter((line) => line.startsWith('+++'))).toHaveLength(2);
  });

  it('does not wait for the writer of a pipe', async () => {
    const { at, show } = createWorkspace({});
    execFileSync('/bin/sh', ['-c', 'mkfifo "$0"', at('pipe')]);
    expect(await show(update(at('pipe'), HUNK))).toContain('b/pipe');
  });
});
