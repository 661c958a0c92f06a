import { expect, it } from 'vitest';
import { GatewayError } from '../../../src/base/errors.ts';
import { MAIN_TOKEN, SCOPES } from '../../../src/base/scopes.ts';
import type { Caller } from '../../../src/http/requests/context.ts';
import { createTokenWatch } from '../../../src/http/requests/watch-tokens.ts';

const named = (name: string): Caller => ({ id: `id-of-${name}`, name, scopes: SCOPES });
const browser = (id: string, owner = MAIN_TOKEN): Caller => ({
  id: owner,
  name: id,
  scopes: SCOPES,
  browser: { id, isReadOnly: false },
});

/** A watch over running requests, and the names of those that were ended. */
function openWatch() {
  const revoked = new Set<string>();
  const asked: string[] = [];
  const ended: string[] = [];
  const farewells: string[] = [];
  const tokens = createTokenWatch({
    async check({ name }) {
      asked.push(name);
      if (revoked.has(name)) throw new GatewayError('invalid_api_key', 'This token was revoked.');
    },
  });
  return {
    revoked,
    asked,
    ended,
    farewells,
    watch: (caller: Caller, id = caller.name) =>
      tokens.watch({
        caller,
        end: () => ended.push(id),
        onLost: async (callerId) => void farewells.push(callerId),
      }),
  };
}

it('every running request of a revoked token ends, after one farewell, and no other', async () => {
  const { revoked, ended, farewells, watch } = openWatch();
  watch(named('ci'), 'first');
  const stop = watch(named('ci'), 'over');
  watch(named('ci'), 'second');
  watch(named('other'));
  stop();
  revoked.add('ci');
  await expect.poll(() => ended, { timeout: 5_000 }).toEqual(['first', 'second']);
  expect(farewells[0]).toBe('id-of-ci');
});

it('a browser that is signed out ends alone, and not the others in the name of its owner', async () => {
  const { revoked, ended, farewells, watch } = openWatch();
  watch(browser('browser-1'));
  watch(browser('browser-2'));
  watch(named(MAIN_TOKEN));
  revoked.add('browser-1');
  await expect.poll(() => ended, { timeout: 5_000 }).toEqual(['browser-1']);
  expect(farewells).toEqual([]);
});

it("the gateway's own token, which cannot be revoked, is never asked about", async () => {
  const { asked, ended, watch, revoked } = openWatch();
  watch({ id: MAIN_TOKEN, name: MAIN_TOKEN, scopes: SCOPES });
  watch(named('ci'));
  revoked.add('ci');
  await expect.poll(() => ended, { timeout: 5_000 }).toEqual(['ci']);
  expect(asked).not.toContain(MAIN_TOKEN);
});
