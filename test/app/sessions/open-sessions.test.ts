import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { SILENT } from '../../../src/app/log/observer.ts';
import { readSettings } from '../../../src/app/config/config.ts';
import { openSessions } from '../../../src/app/sessions/open-sessions.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

it.each(['missing', 'file'])('a start says which folder for agent sessions is none: %s', async (name) => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'file'), '');
  const environment = { HOME: folder };
  const root = join(folder, name);
  const settings = await readSettings({ workspace: root }, environment);
  const opening = openSessions({
    settings,
    environment,
    binary: 'codex',
    observer: SILENT,
    demo: undefined,
    findCopilot: async () => undefined,
    openStore: () => Promise.reject(new Error('not reached')),
  });
  await expect(opening).rejects.toThrow(
    `There is no folder ${root} for agent sessions; create it, or change`,
  );
});

it('a tilde in a folder for agent sessions stands for the home folder', async () => {
  const folder = temporaryFolder();
  const environment = { HOME: folder };
  const settings = await readSettings({}, environment);
  const opening = openSessions({
    settings: { ...settings, sessions: { ...settings.sessions, roots: ['~/'] } },
    environment,
    binary: 'codex',
    observer: SILENT,
    demo: undefined,
    findCopilot: async () => undefined,
    openStore: () => Promise.reject(new Error('reached')),
  });
  await expect(opening).rejects.toThrow('reached');
});
