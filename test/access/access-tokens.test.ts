import { execFileSync } from 'node:child_process';
import { closeSync, openSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { tokenFolder, usesFolder } from '../../src/access/token-folder.ts';
import { listTokens, revokeNamedToken } from '../../src/app/access/named-tokens.ts';
import { openAccess } from '../../src/app/access/open-access.ts';
import type { NewTokenFlags } from '../../src/app/access/read-new-token.ts';
import type { GatewayError } from '../../src/base/errors.ts';
import { MAIN_TOKEN } from '../../src/base/scopes.ts';
import { addTestToken } from '../support/add-token.ts';
import { createMemoryLog } from '../support/memory-log.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const MAIN = 'main-token-of-this-test';
const ADDRESS = '192.0.2.1';

/** A state folder, and gateways that start and stop on it. */
function openState() {
  const stateDirectory = temporaryFolder();
  return {
    stateDirectory,
    add: async (name: string, flags?: NewTokenFlags) => await addTestToken(stateDirectory, name, flags),
    revoke: async (name: string) => await revokeNamedToken(stateDirectory, name),
    async start() {
      const options = { main: MAIN, stateDirectory, observer: createMemoryLog(), command: 'codex-gateway' };
      const access = await openAccess(options);
      onTestFinished(access.close);
      /** Resolves to the name of the caller, or to the code of the error. */
      const ask = async (key: string) => {
        try {
          return (await access.identify({ keys: [key], address: ADDRESS })).name;
        } catch (error) {
          return (error as { code: string }).code;
        }
      };
      return { access, ask };
    },
  };
}

/** Asks many times, in turn, and returns the different results. */
async function askOften(ask: (key: string) => Promise<string>, key: string, times = 60) {
  const results = new Set<string>();
  for (let count = 0; count < times; count += 1) results.add(await ask(key));
  return [...results];
}

describe('a key that was right once is a 401 however often it comes, and slows nobody down:', () => {
  it('a revoked one, also after a restart', async () => {
    const { add, revoke, start } = openState();
    const key = await add('old-client');
    const first = await start();
    expect(await first.ask(key)).toBe('old-client');
    await revoke('old-client');
    await expect.poll(async () => await first.ask(key), { timeout: 10_000 }).toBe('invalid_api_key');
    for (const { ask, access } of [first, await start()]) {
      expect(await askOften(ask, key)).toEqual(['invalid_api_key']);
      await expect(access.identify({ keys: [key], address: ADDRESS })).rejects.toThrow(
        'this token was revoked',
      );
      expect(await ask('codex-gateway-local-wrong')).toBe('invalid_api_key');
    }
  });

  it('one whose name has another token now', async () => {
    const { add, revoke, start } = openState();
    const before = await add('ci');
    await revoke('ci');
    const now = await add('ci');
    const { ask } = await start();
    expect(await askOften(ask, before)).toEqual(['invalid_api_key']);
    expect(await ask(now)).toBe('ci');
  });

  it('an expired one', async () => {
    const { add, start } = openState();
    const end = Date.now() + 500;
    const key = await add('guest', { expires: new Date(end).toISOString() });
    const { ask, access } = await start();
    await expect.poll(async () => await ask(key), { timeout: 10_000 }).toBe('invalid_api_key');
    expect(await askOften(ask, key)).toEqual(['invalid_api_key']);
    await expect(access.identify({ keys: [key], address: ADDRESS })).rejects.toThrow('expired at');
  });
});

it('a connection that stays open learns that its key was revoked or has expired, without counting as a request', async () => {
  const { add, revoke, start } = openState();
  const end = Date.now() + 2_000;
  const keys = [
    await add('revoked', { limit: 'requests=1' }),
    await add('expired', { expires: new Date(end).toISOString() }),
  ];
  const { access } = await start();
  const [revoked, expired] = await Promise.all(
    keys.map((key) => access.identify({ keys: [key], address: ADDRESS })),
  );
  const problem = (caller: { readonly id: string }) => access.check(caller).then(() => '', String);
  for (let count = 0; count < 3; count += 1) expect(await problem(revoked!)).toBe('');
  await access.enter(revoked!, '');
  await revoke('revoked');
  await expect.poll(async () => await problem(revoked!)).toContain('this token was revoked');
  await expect.poll(async () => await problem(expired!)).toContain('expired at');
  expect(await problem({ id: MAIN_TOKEN })).toBe('');
});

it('a wrong key is slowed down after 20, while right, revoked and main ones of the address are not', async () => {
  const { add, revoke, start } = openState();
  const [right, revoked] = [await add('right'), await add('left')];
  await revoke('left');
  const { ask } = await start();
  expect(await askOften(ask, 'codex-gateway-local-wrong')).toContain('too_many_guesses');
  expect([await ask(right), await ask(MAIN), await ask(revoked)]).toEqual([
    'right',
    'main',
    'invalid_api_key',
  ]);
});

it("a token's limit of tokens a day holds after a restart, and for that token alone", async () => {
  const { add, start } = openState();
  const [thrifty, other] = [
    await add('thrifty', { limit: 'tokens=10' }),
    await add('other', { limit: 'tokens=10' }),
  ];
  const before = await start();
  const idOf = async (key: string) => (await before.access.identify({ keys: [key], address: ADDRESS })).id;
  const [id, otherId] = [await idOf(thrifty), await idOf(other)];
  before.access.addTokens(id, 10);
  await before.access.close();
  const { access, ask } = await start();
  expect([await ask(thrifty), await ask(other)]).toEqual(['thrifty', 'other']);
  const turn = { held: 0, asked: 1 };
  expect(() => access.checkTurns(id, turn)).toThrow('on tokens per day (TPD): Limit 10, Used 10');
  expect(() => access.checkTurns(otherId, turn)).not.toThrow();
});

it('a gateway that starts nothing itself knows what another one has counted for a token', async () => {
  const { add, start } = openState();
  const key = await add('thrifty', { limit: 'tokens=10' });
  const [idle, busy] = [await start(), await start()];
  const caller = await busy.access.identify({ keys: [key], address: ADDRESS });
  busy.access.addTokens(caller.id, 10);
  await busy.access.close();
  vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 6_000);
  onTestFinished(() => void vi.restoreAllMocks());
  await idle.access.enter(caller, 'tester/1.0');
  expect(() => idle.access.checkTurns(caller.id, { held: 0, asked: 1 })).toThrow('Used 10');
});

describe('while the disk of the tokens does not answer,', () => {
  /** Starts a gateway with the token `ci`, whose disk hangs from then on: nobody writes to a pipe. */
  async function startHanging({ isRead }: { readonly isRead: boolean }) {
    const { stateDirectory, add, start } = openState();
    const key = await add('ci');
    const { access, ask } = await start();
    if (isRead) await ask(key);
    const pipe = join(tokenFolder(stateDirectory), 'slow.json');
    execFileSync('/bin/sh', ['-c', 'mkfifo "$0"', pipe]);
    onTestFinished(() => closeSync(openSync(pipe, 'w')));
    vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 6_000);
    onTestFinished(() => void vi.restoreAllMocks());
    return { key, access, ask };
  }

  it("the gateway's own token waits for nothing, and a named one goes by what was read before", async () => {
    const { key, access, ask } = await startHanging({ isRead: true });
    const named = ask(key);
    const own = ask(MAIN).then(async (name) => {
      await access.enter({ id: name }, 'tester/1.0');
      return name;
    });
    expect(await Promise.race([named, own])).toBe('main');
    expect(await named).toBe('ci');
  });

  it('a key that no list was read for may come again, and counts as no guess', async () => {
    const { key, ask } = await startHanging({ isRead: false });
    expect(await askOften(ask, key)).toEqual(['storage_busy']);
  });
});

it('a token that is revoked while a body is read starts no turn', async () => {
  const { add, revoke, start } = openState();
  const key = await add('ci');
  const { access, ask } = await start();
  const caller = await access.identify({ keys: [key], address: ADDRESS });
  const turn = { held: 0, asked: 1 };
  expect(() => access.checkTurns(caller.id, turn)).not.toThrow();
  await revoke('ci');
  const refused = () => ask(key).catch(({ code }: GatewayError) => code);
  await expect.poll(refused).toBe('invalid_api_key');
  expect(() => access.checkTurns(caller.id, turn)).toThrow(/revoked/);
});

it('a use that is written after its token was revoked leaves no file', async () => {
  const { stateDirectory, add, revoke, start } = openState();
  const key = await add('ci');
  const { access } = await start();
  const files = () =>
    readdirSync(stateDirectory).includes('token-uses') && readdirSync(usesFolder(stateDirectory));
  await access.enter({ id: MAIN_TOKEN }, 'tester/1.0');
  await expect.poll(files).toEqual(['last.main.json']);
  // Waits for the next write.
  await access.enter(await access.identify({ keys: [key], address: ADDRESS }), 'tester/1.0');
  await revoke('ci');
  await access.close();
  expect(files()).toEqual(['last.main.json']);
});

it('a start removes the drafts of writers that were killed, and no others', async () => {
  const { stateDirectory, add, start } = openState();
  await add('ci');
  const folder = tokenFolder(stateDirectory);
  const [old, fresh] = ['a', 'b'].map((sign) => join(folder, `ci.json.${sign.repeat(32)}`));
  for (const path of [old!, fresh!]) writeFileSync(path, '{');
  utimesSync(old!, 0, 0);
  utimesSync(join(folder, 'ci.json'), 0, 0);
  await start();
  expect(readdirSync(folder).toSorted()).toEqual(['ci.json', basename(fresh!)]);
});

it('the use of a revoked token is forgotten, and its name begins anew', async () => {
  const { stateDirectory, add, revoke, start } = openState();
  const key = await add('ci');
  const { access } = await start();
  await access.enter(await access.identify({ keys: [key], address: ADDRESS }), 'tester/1.0');
  await access.close();
  const use = async () => (await listTokens(stateDirectory)).tokens.find(({ name }) => name === 'ci');
  expect(await use()).toMatchObject({ user_agent: 'tester/1.0' });
  await revoke('ci');
  await add('ci');
  expect(await use()).toMatchObject({ user_agent: null, last_used: null });
});

describe('the key of a session', () => {
  it('is a caller of its own with nothing but the tools, which leaves no trace on disk', async () => {
    const { add, start, stateDirectory } = openState();
    const key = await add('laptop', { scope: 'sessions,tools' });
    const { access } = await start();
    const owner = await access.identify({ keys: [key], address: ADDRESS });
    const made = await access.makeSessionKey({ id: 'session-1', owner: owner.id });
    const caller = await access.identify({ keys: [made], address: ADDRESS });
    expect(caller).toEqual({ id: 'session:session-1', name: 'laptop/session-1', scopes: ['tools'] });
    expect(access.isOwn(made)).toBe(true);
    await access.enter(caller, 'codex');
    await access.close();
    expect(readdirSync(stateDirectory, { recursive: true }).join()).not.toContain('session');
  });

  it('ends with its session, with the next key, and with the token of its owner, and does not count as a guess then', async () => {
    const { add, revoke, start } = openState();
    const { access, ask } = await start();
    const ownerKey = await add('laptop', { scope: 'tools' });
    const { id: owner } = await access.identify({ keys: [ownerKey], address: ADDRESS });
    const make = async () => await access.makeSessionKey({ id: 'session-1', owner });
    const [first, second] = [await make(), await make()];
    expect([await ask(first), await ask(second)]).toEqual(['invalid_api_key', 'laptop/session-1']);
    expect(access.endSessionKey('session-1')).toBe('session:session-1');
    expect(access.endSessionKey('session-1')).toBeUndefined();
    expect(await askOften(ask, second)).toEqual(['invalid_api_key']);

    const third = await make();
    const caller = await access.identify({ keys: [third], address: ADDRESS });
    await access.check(caller);
    await revoke('laptop');
    const refused = async () =>
      await access.check(caller).then(
        () => '',
        ({ code }) => String(code),
      );
    await expect.poll(refused, { timeout: 10_000 }).toBe('invalid_api_key');
    await expect(make()).rejects.toMatchObject({ code: 'invalid_api_key' });
  });

  it('is made for nobody whose own token lacks the tools', async () => {
    const { add, start } = openState();
    const key = await add('laptop', { scope: 'sessions' });
    const { access } = await start();
    const { id: owner } = await access.identify({ keys: [key], address: ADDRESS });
    await expect(access.makeSessionKey({ id: 'session-1', owner })).rejects.toMatchObject({
      code: 'missing_scope',
    });
  });
});
