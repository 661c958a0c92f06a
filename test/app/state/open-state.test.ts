import { createCipheriv } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readSettings } from '../../../src/app/config/config.ts';
import { createObserver, SILENT } from '../../../src/app/log/observer.ts';
import { openState } from '../../../src/app/state/open-state.ts';
import { createSealing } from '../../../src/app/state/sealing.ts';
import { storedSession } from '../../support/stored-session.ts';
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

it('a probe of the store writes nothing, and does not count in the metrics', async () => {
  const settings = await settingsOfNewUser();
  const calls: string[] = [];
  const observer = createObserver([(seen) => void (seen.type === 'store-call' && calls.push(seen.method))]);
  const options = { settings, token: 'token', isEphemeral: false, demo: false };
  const { isWritable, close } = await openState({ ...options, observer });
  const read = () =>
    ['', '-wal'].map((end) => readFileSync(join(settings.stateDirectory, `store.sqlite${end}`), 'latin1'));
  const before = read();
  calls.length = 0;
  expect(await isWritable()).toBe(true);
  expect(calls).toEqual([]);
  expect(read()).toEqual(before);
  await close();
});

it('a demo has a store but leaves nothing on disk', async () => {
  const settings = await settingsOfNewUser();
  const options = { settings, observer: SILENT, token: 'token', isEphemeral: false };
  const { callers, storeBytes, close } = await openState({ ...options, demo: true });
  const { store, sealing } = callers.of(undefined);
  await store!.saveConversation(CONVERSATION);
  expect((await store!.findConversation('c'))!.id).toBe('c');
  expect(sealing.unseal(sealing.seal('text'))).toBe('text');
  expect(await storeBytes()).toBe(0);
  await close();
  expect(existsSync(settings.stateDirectory)).toBe(false);
});

it('the size of the store is that of the gateway’s own files, and none beside it', async () => {
  const settings = await settingsOfNewUser();
  const options = { observer: SILENT, token: 'token', isEphemeral: false };
  const first = await openState({ ...options, settings, demo: false });
  expect(await first.storeBytes()).toBeGreaterThan(0);
  const demo = await openState({ ...options, settings, demo: true });
  const without = await openState({ ...options, settings: { ...settings, store: false }, demo: false });
  expect([await demo.storeBytes(), await without.storeBytes()]).toEqual([0, 0]);
  for (const { close } of [first, demo, without]) await close();
});

it('without a file, sessions are kept in memory as long as the gateway runs', async () => {
  const settings = await settingsOfNewUser();
  const options = { observer: SILENT, token: 'token', isEphemeral: false };
  for (const changes of [
    { settings: { ...settings, store: false as const }, demo: false },
    { settings, demo: true },
  ]) {
    const state = await openState({ ...options, ...changes });
    await (await state.openSessionStore()).createSession(storedSession('s'));
    expect((await (await state.openSessionStore()).findSession('s'))!.id).toBe('s');
    await state.close();
    const next = await openState({ ...options, ...changes });
    expect(await (await next.openSessionStore()).findSession('s')).toBeUndefined();
    await next.close();
  }
  expect(existsSync(join(settings.stateDirectory, 'store.sqlite'))).toBe(false);
});

it('a gateway has no store when it is switched off', async () => {
  const settings = await settingsOfNewUser();
  const { callers, close } = await openState({
    settings: { ...settings, store: false },
    observer: SILENT,
    token: 'token',
    isEphemeral: false,
    demo: false,
  });
  for (const id of ['main', 'other']) expect(callers.of({ id }).store).toBeUndefined();
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
  await first.callers.of(undefined).store!.saveConversation(CONVERSATION);
  await first.close();
  const second = await openState(options);
  expect((await second.callers.of(undefined).store!.findConversation('c')) !== undefined).toBe(isKept);
  await second.close();
});

it('every caller has a state of its own, which outlives a restart', async () => {
  const settings = await settingsOfNewUser();
  const options = { settings, observer: SILENT, token: 'token', isEphemeral: false, demo: false };
  const first = await openState(options);
  const [main, one, other] = ['main', 'one', 'other'].map((id) => first.callers.of({ id }));
  expect(first.callers.of(undefined)).toBe(main);
  expect(first.callers.of({ id: 'one' })).toBe(one);
  expect(new Set([main, one, other].flatMap((state) => [state!.keys, state!.background])).size).toBe(6);
  await one!.store!.saveConversation(CONVERSATION);
  for (const { store } of [main!, other!]) expect(await store!.findConversation('c')).toBeUndefined();
  const sealed = one!.sealing.seal('text');
  expect([main, one, other].map((state) => state!.sealing.unseal(sealed))).toEqual([
    undefined,
    'text',
    undefined,
  ]);
  await first.close();
  const second = await openState(options);
  const again = second.callers.of({ id: 'one' });
  expect((await again.store!.findConversation('c'))!.id).toBe('c');
  expect(again.sealing.unseal(sealed)).toBe('text');
  await second.close();
});

it('a text that was sealed before there were several callers belongs to the main one', () => {
  const key = Buffer.alloc(32, 1);
  const cipher = createCipheriv('aes-256-gcm', key, Buffer.alloc(12), { authTagLength: 16 });
  const bytes = [Buffer.alloc(12), cipher.update('text', 'utf8'), cipher.final(), cipher.getAuthTag()];
  const sealed = `codex-gateway.1.${Buffer.concat(bytes).toString('base64url')}`;
  const sealing = createSealing(key);
  expect(sealing.unseal(sealed)).toBe('text');
  expect(sealing.ofCaller('one').unseal(sealed)).toBeUndefined();
});
