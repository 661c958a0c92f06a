import { describe, expect, it, onTestFinished } from 'vitest';
import { digestOf, NO_LIMITS } from '../../src/access/token-entry.ts';
import { readTokens, tokenFolder } from '../../src/access/token-folder.ts';
import { revokeNamedToken } from '../../src/app/access/named-tokens.ts';
import { openAccess } from '../../src/app/access/open-access.ts';
import type { GatewayError } from '../../src/base/errors.ts';
import { MAIN_TOKEN, type Scope } from '../../src/base/scopes.ts';
import { addTestToken } from '../support/add-token.ts';
import { createMemoryLog } from '../support/memory-log.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const MAIN = 'main-token-of-this-test';
const ADDRESS = '192.0.2.1';

describe('the token of a signed-in browser', () => {
  /** Signs a browser in in the name of a token, and asks with what it has. */
  async function signIn(owner: string, scopes: readonly Scope[] = ['console', 'openai']) {
    const stateDirectory = temporaryFolder();
    if (owner !== MAIN_TOKEN) await addTestToken(stateDirectory, owner, { scope: 'console,openai' });
    const options = { main: MAIN, stateDirectory, observer: createMemoryLog(), command: 'codex-gateway' };
    const access = await openAccess(options);
    onTestFinished(access.close);
    const { id } = owner === MAIN_TOKEN ? { id: MAIN_TOKEN } : await entryOf(stateDirectory, owner);
    const browser = { owner: id, isReadOnly: false, pageDigest: digestOf('page-key') };
    const given = { name: 'browser-1', scopes, expires: null, limits: NO_LIMITS, browser };
    const token = await access.keeper.add(given);
    const ask = async (pageKey?: string) =>
      await access
        .identify({ keys: [token], pageKey, address: ADDRESS })
        .catch((error: GatewayError) => error.code);
    return { access, ask, revoke: async () => await revokeNamedToken(stateDirectory, owner), id };
  }

  it('counts beside the key of its page alone', async () => {
    const { ask } = await signIn(MAIN_TOKEN);
    expect(await ask('page-key')).toMatchObject({ id: MAIN_TOKEN, name: 'browser-1' });
    for (const wrong of [undefined, '', '1', 'page-keys']) expect(await ask(wrong)).toBe('invalid_api_key');
  });

  it('is the only one that counts in a cookie', async () => {
    const { access } = await signIn(MAIN_TOKEN);
    const attempt = access.identify({ keys: [MAIN], pageKey: 'page-key', address: ADDRESS });
    await expect(attempt).rejects.toHaveProperty('code', 'invalid_api_key');
  });

  it('has no scope that the token lacks in whose name it signed in, and ends with that one', async () => {
    const { ask, revoke, id } = await signIn('admin', ['console', 'openai', 'sessions']);
    expect(await ask('page-key')).toMatchObject({ id, scopes: ['openai', 'console'] });
    await revoke();
    await expect.poll(async () => await ask('page-key'), { timeout: 10_000 }).toBe('invalid_api_key');
  });

  it('is not named as one that keeps a remote gateway closed', async () => {
    const { access } = await signIn(MAIN_TOKEN);
    expect(await access.hasNamed('console')).toBe(false);
  });
});

async function entryOf(stateDirectory: string, name: string): Promise<{ readonly id: string }> {
  const { entries } = await readTokens(tokenFolder(stateDirectory));
  return entries.find((entry) => entry.name === name)!;
}
