import { existsSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { SILENT } from '../../../src/app/log/observer.ts';
import { readSettings } from '../../../src/app/config/config.ts';
import { openSessions } from '../../../src/app/sessions/open-sessions.ts';
import type { SessionStore } from '../../../src/conversation/ports/session-store.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const PARTS = {
  binary: 'codex',
  observer: SILENT,
  demo: undefined,
  findCopilot: async () => undefined,
  gateway: {
    origin: 'http://127.0.0.1:1',
    parts: () => {
      throw new Error('no session works here');
    },
  },
};

it.each(['missing', 'file'])('a start says which folder for agent sessions is none: %s', async (name) => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'file'), '');
  const environment = { HOME: folder };
  const root = join(folder, name);
  const settings = await readSettings({ workspace: root }, environment);
  const opening = openSessions({
    settings,
    environment,
    ...PARTS,
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
    ...PARTS,
    openStore: () => Promise.reject(new Error('reached')),
  });
  await expect(opening).rejects.toThrow('reached');
});

it('a start removes old files of sessions that are gone, unless it keeps its own in memory and cannot know the others', async () => {
  const folder = temporaryFolder();
  const environment = { HOME: folder };
  const settings = await readSettings({ workspace: folder }, environment);
  const session = `${settings.stateDirectory}-attachments/${crypto.randomUUID()}`;
  mkdirSync(session, { recursive: true });
  utimesSync(session, 0, 0);
  const open = async (store: boolean) =>
    await openSessions({
      settings: { ...settings, store: store && settings.store },
      environment,
      ...PARTS,
      openStore: async () =>
        ({
          hasSession: async () => false,
          claimInterrupted: async () => [],
        }) as Partial<SessionStore> as SessionStore,
    });
  await (await open(false))!.close();
  expect(existsSync(session)).toBe(true);
  const stored = await open(true);
  await expect.poll(() => existsSync(session)).toBe(false);
  await stored!.close();
});
