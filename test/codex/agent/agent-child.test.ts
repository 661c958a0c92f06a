import { statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { SILENT } from '../../../src/app/log/observer.ts';
import { NEVER_ABORTED } from '../../../src/base/async/abort.ts';
import { startAgentChild } from '../../../src/codex/agent/agent-child.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

it('a user who has never run Codex gets its home, which nobody else can read', async () => {
  const folder = temporaryFolder();
  const codexHome = join(folder, 'home', '.codex');
  const starting = startAgentChild(
    {
      binary: join(folder, 'no-codex'),
      codexHome,
      environment: {},
      workingDirectory: folder,
      clientVersion: '0',
      observer: SILENT,
    },
    NEVER_ABORTED,
  );
  await expect(starting).rejects.toThrow('did not start');
  expect(statSync(codexHome).mode & 0o777).toBe(0o700);
});
