import { chmodSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { spawnAppServer } from '../../../src/codex/process/child-process.ts';
import { isAlive, until } from '../../support/process.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

it.runIf(process.platform === 'linux')(
  'an app-server that is closed takes along what it has started in a session of its own',
  async () => {
    const folder = temporaryFolder();
    const binary = join(folder, 'codex');
    writeFileSync(binary, '#!/bin/sh\nsetsid sleep 600 </dev/null >/dev/null 2>&1 &\necho $!\ncat\n');
    chmodSync(binary, 0o700);
    const environment = { PATH: process.env.PATH ?? '' };
    const child = spawnAppServer({ binary, codexHome: folder, workingDirectory: folder, environment });
    const [printed] = (await once(child.stdout, 'data')) as [Buffer];
    const started = Number(printed.toString());
    expect(isAlive(started)).toBe(true);
    await child.close();
    await until(() => !isAlive(started));
  },
);
