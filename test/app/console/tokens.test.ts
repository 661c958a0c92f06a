import { describe, expect, it } from 'vitest';
import { createMemoryTokens } from '../../../src/access/memory-tokens.ts';
import { createMemoryKeeper } from '../../../src/app/access/token-keeper.ts';
import { createConsoleTokens } from '../../../src/app/console/tokens.ts';
import { digestOf, NO_LIMITS } from '../../../src/access/token-entry.ts';
import type { GatewayError } from '../../../src/base/errors.ts';
import { SCOPES } from '../../../src/base/scopes.ts';
import {
  addedTokenSchema,
  newTokenSchema,
  tokenListSchema,
  type NewKey,
} from '../../../src/console/contract/tokens.ts';

const MAIN = { name: 'main', scopes: SCOPES };

function openTokens() {
  const named = createMemoryTokens();
  const keeper = createMemoryKeeper(named, { latest: () => undefined });
  const tokens = createConsoleTokens(keeper);
  const add = async (given: NewKey, asker: typeof MAIN | { name: string; scopes: typeof SCOPES } = MAIN) =>
    await tokens.add(asker, newTokenSchema.parse(given));
  return { keeper, named, tokens, add };
}

async function problemOf(change: Promise<unknown>): Promise<unknown> {
  const error = (await change.then(
    () => undefined,
    (reason: unknown) => reason,
  )) as GatewayError;
  return { code: error.code, param: error.detail.param };
}

it('the list of keys has the form of its contract, and never a token or its digest', async () => {
  const { tokens, add, keeper } = openTokens();
  const { token } = addedTokenSchema.parse(await add({ name: 'ci', limits: { turns: 2 } }));
  const browser = { owner: 'main', isReadOnly: true, pageDigest: digestOf('page') };
  await keeper.add({ name: 'browser-1', scopes: ['console'], expires: null, limits: NO_LIMITS, browser });
  const list = tokenListSchema.parse(await tokens.list({ name: 'browser-1', scopes: ['console'] }));
  expect(list.tokens).toMatchObject([
    { name: 'main', created: null, browser: null },
    { name: 'ci', scopes: ['openai'], limits: { turns: 2, requests: null, tokens: null } },
    { name: 'browser-1', browser: { read_only: true, owner: 'main', is_this: true } },
  ]);
  expect(JSON.stringify(list)).not.toMatch(new RegExp(`${token}|digest|sha256`));
});

describe('nobody adds a key', () => {
  it.each<[what: string, given: NewKey, problem: object]>([
    ['with the name of another one', { name: 'ci' }, { code: 'token_exists', param: 'name' }],
    ['with the name of the gateway’s own', { name: 'main' }, { code: 'invalid_value', param: 'name' }],
    ['with a name of markup', { name: '<img src=x>' }, { code: 'invalid_value', param: 'name' }],
    ['with a path as its name', { name: '../ci' }, { code: 'invalid_value', param: 'name' }],
    ['that has ended', { name: 'old', expires: 1 }, { code: 'invalid_value', param: 'expires' }],
    [
      'that ends after the year 9999',
      { name: 'far', expires: 1e15 },
      { code: 'invalid_value', param: 'expires' },
    ],
  ])('%s', async (_, given, problem) => {
    const { add } = openTokens();
    await add({ name: 'ci' });
    expect(await problemOf(add(given))).toEqual(problem);
  });

  it('that leads to more than the one who adds it', async () => {
    const { keeper, add } = openTokens();
    await keeper.add({ name: 'admin', scopes: ['console'], expires: null, limits: NO_LIMITS });
    const admin = { name: 'admin', scopes: ['console'] as never };
    expect(await problemOf(add({ name: 'more', scopes: ['sessions'] }, admin))).toMatchObject({
      code: 'missing_scope',
    });
    expect(await add({ name: 'same', scopes: ['console'] }, admin)).toMatchObject({ name: 'same' });
  });

  it.each([
    ['an end', { expires: Date.now() + 60_000, limits: NO_LIMITS }],
    ['limits', { expires: null, limits: { ...NO_LIMITS, tokens: 5 } }],
  ])('in the name of one with %s, directly or by a browser', async (_, bounds) => {
    const { keeper, named, tokens, add } = openTokens();
    await keeper.add({ name: 'guest', scopes: SCOPES, ...bounds });
    const { id } = named.entries()[0]!;
    const browser = { owner: id, isReadOnly: false, pageDigest: digestOf('page') };
    await keeper.add({ name: 'browser-1', scopes: SCOPES, expires: null, limits: NO_LIMITS, browser });
    for (const name of ['guest', 'browser-1']) {
      const asker = { name, scopes: SCOPES };
      expect(await problemOf(add({ name: 'free' }, asker))).toMatchObject({ code: 'missing_scope' });
      expect((await tokens.list(asker)).grantable).toEqual([]);
    }
  });
});

it('a key that there is not cannot be revoked', async () => {
  const { tokens } = openTokens();
  expect(await problemOf(tokens.revoke('nobody'))).toMatchObject({ code: 'token_not_found' });
});
