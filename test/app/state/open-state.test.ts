import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readSettings } from '../../../src/app/config/config.ts';
import { SILENT } from '../../../src/app/log/observer.ts';
import { openState } from '../../../src/app/state/open-state.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

async function settingsOfNewUser() {
  return await readSettings({}, { HOME: temporaryFolder() });
}

const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);
const CONVERSATION = { id: 'c', metadata: {}, createdAt: 1 };

it('the state folder and its files are private to the user', async () => {
  const settings = await settingsOfNewUser();
  const state = await openState({
    settings,
    observer: SILENT,
    token: 'token',
    isEphemeral: false,
    demo: false,
  });
  const paths = [
    settings.stateDirectory,
    ...['store.sqlite', 'sealing.key'].map((name) => join(settings.stateDirectory, name)),
  ];
  expect(paths.map(modeOf)).toEqual(['700', '600', '600']);
  await state.close();
});

it('a demo has a store but leaves nothing on disk', async () => {
  const settings = await settingsOfNewUser();
  const { store, sealing, close } = await openState({
    settings,
    observer: SILENT,
    token: 'token',
    isEphemeral: false,
    demo: true,
  });
  await store!.saveConversation(CONVERSATION);
  expect((await store!.findConversation('c'))!.id).toBe('c');
  expect(sealing.unseal(sealing.seal('text'))).toBe('text');
  await close();
  expect(existsSync(settings.stateDirectory)).toBe(false);
});

it('a gateway has no store when it is switched off', async () => {
  const settings = await settingsOfNewUser();
  const { store, close } = await openState({
    settings: { ...settings, store: false },
    observer: SILENT,
    token: 'token',
    isEphemeral: false,
    demo: false,
  });
  expect(store).toBeUndefined();
  expect(existsSync(join(settings.stateDirectory, 'store.sqlite'))).toBe(false);
  await close();
});

it.each([
  ['chosen by the user survives a restart', true],
  ['generated for one run is gone after a restart', false],
])('stored data for a token %s', async (_, isKept) => {
  const settings = await settingsOfNewUser();
  const options = { settings, observer: SILENT, token: 'token', isEphemeral: !isKept, demo: false };
  const first = await openState(options);
  await first.store!.saveConversation(CONVERSATION);
  await first.close();
  const second = await openState(options);
  expect((await second.store!.findConversation('c')) !== undefined).toBe(isKept);
  await second.close();
});
