import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { permissionProfiles } from '../../../src/codex/agent/permission-profiles.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

it('a place that is missing in the workspace is hidden by its outermost missing folder', async () => {
  const workspace = temporaryFolder();
  mkdirSync(join(workspace, 'home'));
  const profiles = await permissionProfiles(workspace, {
    forbidden: [
      join(workspace, 'home/.config/codex-gateway'),
      '/not/there',
      '/not/there/config.json',
      join(workspace, 'state'),
    ],
    readOnly: [join(workspace, 'home/.codex'), join(workspace, 'state/kept'), '/elsewhere'],
  });
  const denied = {
    [join(workspace, 'home/.config')]: 'deny',
    '/not/there': 'deny',
    [join(workspace, 'state')]: 'deny',
  };
  expect(profiles).toEqual({
    'permissions.gateway_read': { filesystem: { ':root': 'read', ...denied }, network: { enabled: false } },
    'permissions.gateway_write': {
      filesystem: {
        ':root': 'read',
        ':workspace_roots': { '.': 'write' },
        [join(workspace, 'home/.codex')]: 'read',
        ...denied,
      },
      network: { enabled: false },
    },
  });
});
