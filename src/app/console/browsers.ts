import { randomBytes } from 'node:crypto';
import { createGuesses } from '../../access/guesses.ts';
import { digestOf, NO_LIMITS } from '../../access/token-entry.ts';
import type { Browsers } from '../../console/sign-in/browsers.ts';
import type { ListedToken } from '../access/named-tokens.ts';
import type { TokenKeeper } from '../access/token-keeper.ts';

/** Days for which a browser stays signed in. */
const DAYS = 30;

/** Maximum number of browsers that are signed in: another one takes the place of the one that was not used for longest. */
export const MAX_BROWSERS = 20;

export function createBrowsers(keeper: TokenKeeper, now: () => number = Date.now): Browsers {
  return {
    async signIn({ owner, scopes, isReadOnly }) {
      await makeRoom(keeper, now());
      const maxAgeSeconds = DAYS * 86_400;
      const pageKey = randomBytes(24).toString('base64url');
      const token = await keeper.add({
        name: `browser-${randomBytes(4).toString('hex')}`,
        scopes,
        expires: now() + maxAgeSeconds * 1000,
        limits: NO_LIMITS,
        browser: { owner, isReadOnly, pageDigest: digestOf(pageKey) },
      });
      return { token, pageKey, maxAgeSeconds };
    },
    signOut: keeper.revoke,
    judgeGuess: createGuesses().judge,
  };
}

/** Signs out the browsers that have ended, and those beyond the maximum. */
async function makeRoom(keeper: TokenKeeper, now: number): Promise<void> {
  const browsers = (await keeper.list()).tokens.filter(({ browser }) => browser !== null);
  const ended = browsers.filter(({ expires }) => expires !== null && Date.parse(expires) <= now);
  const others = browsers.filter((browser) => !ended.includes(browser));
  const surplus = others.toSorted((a, b) => lastTime(b) - lastTime(a)).slice(MAX_BROWSERS - 1);
  for (const { name } of [...ended, ...surplus]) {
    // Another sign-in may have been faster.
    await keeper.revoke(name).catch(() => {});
  }
}

function lastTime({ last_used: used, created }: ListedToken): number {
  return Date.parse(used ?? created ?? '1970-01-01');
}
