import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createGhCli } from '../../../../src/upstream/copilot/auth/gh-cli.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

it.skipIf(process.platform === 'win32')(
  'does not wait for a `gh` that hangs in a program of its own',
  async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'gh'), '#!/bin/sh\n/bin/sleep 20\n', { mode: 0o755 });
    const startedAt = performance.now();
    expect(await createGhCli({ PATH: folder }, 200).token('github.com')).toBeUndefined();
    expect(performance.now() - startedAt).toBeLessThan(10_000);
  },
);
