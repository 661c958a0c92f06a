import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { installService } from '../../../src/app/services/install-service.ts';
import { describeLaunchd } from '../../../src/app/services/launchd.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

it('the folder of the log exists before launchd loads an agent, which it would not start otherwise', async () => {
  const folder = temporaryFolder();
  const tools = join(folder, 'bin');
  mkdirSync(tools);
  const state = join(folder, '.local/state/codex-gateway');
  writeFileSync(join(tools, 'launchctl'), `#!/bin/sh\n[ -d '${state}' ] && echo "$1" >> '${folder}/calls'\n`);
  chmodSync(join(tools, 'launchctl'), 0o755);
  const environment = { HOME: folder, PATH: tools };
  const { signal } = new AbortController();
  const command = ['/usr/bin/node', '/codex-gateway.js', 'serve'];
  const manager = describeLaunchd({ command, environment, providerVariables: [], signal });
  await installService({ manager, environment, signal });
  expect(readFileSync(join(folder, 'calls'), 'utf8')).toBe('bootstrap\n');
});
