import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createMountPoints } from '../../../src/codex/agent/mount-points.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

it('the places that a sandbox makes in a workspace go after its last command, and nothing else does', async () => {
  const workspace = temporaryFolder();
  const at = (name: string) => join(workspace, name);
  mkdirSync(at('.codex'));
  const { hold } = createMountPoints({
    forbidden: [at('state'), at('config/codex-gateway'), '/elsewhere'],
    readOnly: [at('used')],
  });
  const release = await hold(workspace);
  const releaseOther = await hold(workspace);
  for (const folder of ['.git', '.aws', 'config']) mkdirSync(at(folder));
  for (const file of ['state', 'own.txt']) writeFileSync(at(file), '');
  writeFileSync(at('used'), 'by somebody');
  release();
  expect(readdirSync(workspace)).toContain('.git');
  releaseOther();
  expect(readdirSync(workspace).toSorted()).toEqual(['.codex', 'own.txt', 'used']);
});
