import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AgentChange } from '../../../src/conversation/ports/agent.ts';
import { judgeChanges } from '../../../src/sessions/workspace/judge-changes.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

function createWorkspace() {
  const base = temporaryFolder();
  const workspace = join(base, 'workspace');
  for (const path of ['workspace/folder', 'workspace/.git/hooks', 'workspace/state', 'outside/folder']) {
    mkdirSync(join(base, path), { recursive: true });
  }
  writeFileSync(join(base, 'outside/file'), 'secret');
  writeFileSync(join(workspace, 'file'), '');
  const links: Readonly<Record<string, string>> = {
    'to outside': '../outside',
    'to file': '../outside/file',
    'to new file': '../outside/new',
    'to git': '.git',
    'to state': 'state',
    within: 'folder',
    'to within': 'file',
    'to new within': 'folder/new/name',
    'out and in': '../outside/back',
    loop: 'loop',
    chain: 'to outside/folder',
  };
  for (const [name, target] of Object.entries(links)) symlinkSync(target, join(workspace, name));
  symlinkSync(workspace, join(base, 'outside/back'));
  symlinkSync(workspace, join(base, 'alias'));
  const judge = (changes: readonly AgentChange[]) =>
    judgeChanges(workspace, changes, [join(workspace, 'state')]);
  return { base, workspace, judge };
}

const add = (path: string): AgentChange => ({ path, kind: { type: 'add' }, diff: 'x\n' });
const update = (path: string): AgentChange => ({
  path,
  kind: { type: 'update' },
  diff: '@@ -1 +1 @@\n-a\n+b\n',
});
const remove = (path: string): AgentChange => ({ path, kind: { type: 'delete' }, diff: '' });
const move = (path: string, movePath: string): AgentChange => ({
  path,
  kind: { type: 'update', movePath },
  diff: '',
});

describe('a proposed change is refused', () => {
  it.each([
    ['../outside/file', 'lies outside the workspace'],
    ['folder/../../outside/file', 'lies outside the workspace'],
    ['/etc/passwd', 'lies outside the workspace'],
    ['.', 'lies outside the workspace'],
    ['', 'lies outside the workspace'],
    // The gateway and Codex would each find their own folder there.
    ['/proc/self/cwd/file', 'cannot be resolved'],
    ['to outside/file', 'lies outside the workspace'],
    ['to outside/new/folder/file', 'lies outside the workspace'],
    ['to outside/../file', 'lies outside the workspace'],
    ['to file', 'lies outside the workspace'],
    ['to new file', 'lies outside the workspace'],
    ['chain/file', 'lies outside the workspace'],
    ['.git/hooks/evil', 'lies in a .git folder'],
    ['.git', 'lies in a .git folder'],
    ['.GIT/config', 'lies in a .git folder'],
    ['folder/.Git/config', 'lies in a .git folder'],
    ['new/.git/config', 'lies in a .git folder'],
    ['.g\u200cit/config', 'lies in a .git folder'],
    ['to git/hooks/evil', 'lies in a .git folder'],
    ['folder/../.git/config', 'lies in a .git folder'],
    ['state/file', 'belongs to the gateway'],
    ['state', 'belongs to the gateway'],
    ['to state/new/file', 'belongs to the gateway'],
    ['loop', 'cannot be resolved'],
    ['loop/file', 'cannot be resolved'],
    ['a\0b', 'cannot be resolved'],
  ])('at the path %j: %s', async (path, fault) => {
    const { judge } = createWorkspace();
    const reason = `The path ${JSON.stringify(path)} ${fault}.`;
    expect(await judge([add(path)])).toEqual({ isAllowed: false, reason });
    expect(await judge([update(path)])).toEqual({ isAllowed: false, reason });
    expect(await judge([add('fine'), move('file', path)])).toEqual({ isAllowed: false, reason });
  });

  it('if it deletes something outside, or through a link that leads there', async () => {
    const { judge } = createWorkspace();
    for (const path of ['../outside/file', 'to outside/file', '.git/config', 'to git/config', 'state/file']) {
      expect(await judge([remove(path)])).toMatchObject({ isAllowed: false });
    }
  });

  it('if it moves something out of a place where nothing may be changed', async () => {
    const { judge } = createWorkspace();
    for (const path of ['../outside/file', 'to file', '.git/config', 'state/file']) {
      expect(await judge([move(path, 'taken')])).toMatchObject({ isAllowed: false });
    }
  });

  it('with all the others of its patch, and nothing is made', async () => {
    const { judge, workspace } = createWorkspace();
    const before = readdirSync(workspace);
    expect(await judge([add('new/file'), add('../evil'), add('other')])).toMatchObject({ isAllowed: false });
    expect(readdirSync(workspace)).toEqual(before);
  });

  it('in a folder of the gateway that does not exist yet, and in one that is reached by a link', async () => {
    const { base, workspace } = createWorkspace();
    const verdict = { isAllowed: false, reason: 'The path "later/file" belongs to the gateway.' };
    expect(await judgeChanges(workspace, [add('later/file')], [join(workspace, 'later')])).toEqual(verdict);
    symlinkSync(join(workspace, 'folder'), join(base, 'state link'));
    expect(await judgeChanges(workspace, [add('folder/file')], [join(base, 'state link')])).toEqual({
      isAllowed: false,
      reason: 'The path "folder/file" belongs to the gateway.',
    });
  });

  it('with a long path that is quoted in part', async () => {
    const { judge } = createWorkspace();
    const verdict = await judge([add(`../${'x'.repeat(5_000)}`)]);
    expect(verdict).toMatchObject({ isAllowed: false });
    expect(JSON.stringify(verdict).length).toBeLessThan(300);
  });
});

describe('a proposed change is allowed', () => {
  it.each([
    'file',
    'new',
    'folder/new',
    './folder/new',
    '..name',
    '...',
    '.gitignore',
    '.github/workflow',
    'git',
    'within/new',
    'to within',
    'out and in/file',
    'line\nbreak',
    'ünï©ode "quoted" \\',
  ])('at the path %j', async (path) => {
    const { judge, workspace } = createWorkspace();
    expect(await judge([add(path)])).toMatchObject({ isAllowed: true });
    expect(await judge([update(join(workspace, path))])).toMatchObject({ isAllowed: true });
  });

  it('at a path to the workspace through a link', async () => {
    const { base, judge } = createWorkspace();
    expect(await judge([add(join(base, 'alias/new'))])).toMatchObject({ isAllowed: true });
  });

  it('if it deletes a link that leads out: only the link goes', async () => {
    const { judge } = createWorkspace();
    expect(await judge([remove('to outside'), remove('to new file'), remove('to git')])).toMatchObject({
      isAllowed: true,
    });
  });

  it('with the folders that have to be made first, where the links lead', async () => {
    const { judge, workspace } = createWorkspace();
    const changes = [
      add('a/b/c'),
      add('a/d'),
      move('file', 'moved/here/file'),
      add('within/below/file'),
      add('to new within'),
      add('folder/there'),
      remove('not/there'),
    ];
    const folders = ['a', 'a/b', 'folder/below', 'folder/new', 'moved', 'moved/here'];
    expect(await judge(changes)).toEqual({
      isAllowed: true,
      missingFolders: folders.map((path) => join(workspace, path)),
    });
  });
});
