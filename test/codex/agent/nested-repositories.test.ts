import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findNestedRepositories } from '../../../src/codex/agent/nested-repositories.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

it('repositories inside a workspace are found by their .git, which may be a folder, a file or a link', async () => {
  const [workspace, outside] = [temporaryFolder(), temporaryFolder()];
  const folders = ['.git/modules/x/.git', 'a/.git', 'a/b/.hidden/.git', 'file', 'inner', 'outer', 'plain/c'];
  for (const folder of [...folders, 'a/node_modules/d/.git', 'target']) {
    mkdirSync(join(workspace, folder), { recursive: true });
  }
  mkdirSync(join(outside, '.git'));
  writeFileSync(join(workspace, 'file/.git'), 'gitdir: ../.git/modules/x');
  symlinkSync('../target', join(workspace, 'inner/.git'));
  symlinkSync(join(outside, '.git'), join(workspace, 'outer/.git'));
  symlinkSync(outside, join(workspace, 'plain/to-outside'));
  const found = await findNestedRepositories(workspace);
  const expected = ['a/.git', 'a/b/.hidden/.git', 'file/.git', 'target'];
  expect(found.toSorted()).toEqual(expected.map((path) => join(workspace, path)));
});

it('the search for repositories inside a workspace ends, and finds the outer ones first', async () => {
  const workspace = temporaryFolder();
  for (let index = 0; index < 110; index += 1) {
    mkdirSync(join(workspace, `${index}/deeper/.git`), { recursive: true });
  }
  mkdirSync(join(workspace, 'last/.git'), { recursive: true });
  const found = await findNestedRepositories(workspace);
  expect(found).toHaveLength(100);
  expect(found).toContain(join(workspace, 'last/.git'));
  expect(await findNestedRepositories(join(workspace, 'missing'))).toEqual([]);
});
