import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createRoots, OutsideRootsError } from '../../../src/sessions/workspace/roots.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

function createFolders() {
  const base = temporaryFolder();
  for (const path of ['root/project/.git/hooks', 'root-not/project', 'elsewhere/real']) {
    mkdirSync(join(base, path), { recursive: true });
  }
  writeFileSync(join(base, 'root/file'), '');
  symlinkSync(join(base, 'elsewhere'), join(base, 'root/leads out'));
  symlinkSync('project', join(base, 'root/leads in'));
  symlinkSync('nowhere', join(base, 'root/dangling'));
  symlinkSync('loop', join(base, 'root/loop'));
  symlinkSync(join(base, 'root'), join(base, 'linked root'));
  return { base, at: (path: string) => join(base, path) };
}

describe('a workspace', () => {
  it('is a root, a folder below it, or a link that leads there, and is known by its real path', async () => {
    const { at } = createFolders();
    const { resolve } = createRoots([at('root')]);
    expect(await resolve(at('root'))).toBe(at('root'));
    expect(await resolve(`${at('root')}/`)).toBe(at('root'));
    expect(await resolve(at('root/project'))).toBe(at('root/project'));
    expect(await resolve(at('root/leads in'))).toBe(at('root/project'));
    expect(await resolve(at('linked root/project'))).toBe(at('root/project'));
  });

  it('is none of the folders of the gateway', async () => {
    const { at } = createFolders();
    const { resolve } = createRoots([at('root')], [at('root/project')]);
    await expect(resolve(at('root/leads in'))).rejects.toThrow(OutsideRootsError);
    await expect(resolve(at('root'))).resolves.toBe(at('root'));
  });

  it('may lie below a root that is itself a link', async () => {
    const { at } = createFolders();
    expect(await createRoots([at('linked root')]).resolve(at('root/project'))).toBe(at('root/project'));
  });

  it.each([
    'root-not/project',
    'elsewhere',
    'root/leads out',
    'root/leads out/real',
    'root/../elsewhere',
    'root/missing',
    'root/file',
    'root/dangling',
    'root/loop',
    'root/project/.git',
    'root/project/.git/hooks',
    '',
  ])('is not %s, and the refusal does not tell why', async (path) => {
    const { base } = createFolders();
    const { resolve } = createRoots([join(base, 'root')]);
    await expect(resolve(path === '' ? base : `${base}/${path}`)).rejects.toThrow(new OutsideRootsError());
  });

  it.each(['project', './project', '', '~', 'root\0/project'])('is not the path %j', async (path) => {
    const { resolve } = createRoots([temporaryFolder()]);
    await expect(resolve(path)).rejects.toThrow(OutsideRootsError);
  });

  it('is nothing at all without roots, or with roots that do not exist', async () => {
    const { at } = createFolders();
    await expect(createRoots([]).resolve(at('root'))).rejects.toThrow(OutsideRootsError);
    await expect(createRoots([at('missing')]).resolve(at('root'))).rejects.toThrow(OutsideRootsError);
    expect(await createRoots([at('missing'), at('root')]).resolve(at('root'))).toBe(at('root'));
  });
});
