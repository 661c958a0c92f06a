import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { userEnvironment } from '../../support/command-line.ts';
import { useKeptDatabases } from '../../support/kept-databases.ts';
import { runMain } from '../../support/run-main.ts';
import { createVisibleFolder, temporaryFolder } from '../../support/temporary-folder.ts';

it('agent --demo shows an edit and writes it when a person says y, on a gateway of its own', async () => {
  const environment = userEnvironment(temporaryFolder(createVisibleFolder));
  await useKeptDatabases(join(environment.HOME!, '.local/state/codex-gateway'));
  const workspace = temporaryFolder(createVisibleFolder);
  const file = join(workspace, 'codex-gateway-demo.md');
  const person = {
    answers: [
      'maybe',
      () => {
        expect(existsSync(file)).toBe(false);
        return 'y';
      },
    ],
  };
  const args = ['agent', '--demo', '--workspace', workspace, 'demo', 'edit'];
  const { code, printed, complained } = await runMain(args, environment, [], person);
  expect(printed).toContain('+Edit 1 of the demo model');
  expect([code, complained]).toEqual([0, '']);
  expect(readFileSync(file, 'utf8')).toContain('Edit 1 of the demo');
  expect(readdirSync(join(environment.HOME!, '.codex'))).toEqual([]);
});
