import { GatewayError, type ErrorCode } from '../../base/errors.ts';
import type { Scope } from '../../base/scopes.ts';
import type { ListedKey } from '../../console/contract/tokens.ts';
import type { ConsoleTokens, TokenAsker } from '../../console/tokens/console-tokens.ts';
import type { ListedToken } from '../access/named-tokens.ts';
import { MAX_TOKEN_TIME } from '../access/read-new-token.ts';
import type { TokenKeeper } from '../access/token-keeper.ts';
import { checkTokenName, TokenNameError } from '../access/token-name.ts';

export function createConsoleTokens(keeper: TokenKeeper, now: () => number = Date.now): ConsoleTokens {
  return {
    async list(asker) {
      const { tokens, broken } = await keeper.list();
      return {
        tokens: tokens.map((token) => describeKey(token, asker)),
        broken: [...broken],
        grantable: mayAdd(asker, tokens) ? [...asker.scopes] : [],
      };
    },
    async add(asker, { name, scopes, expires, limits }) {
      checkGrant(asker, scopes, (await keeper.list()).tokens);
      checkEnd(expires, now());
      await withCode('invalid_value', async () => checkTokenName(name));
      const token = await withCode(
        'token_exists',
        async () => await keeper.add({ name, scopes, expires, limits }),
      );
      return { name, token };
    },
    async revoke(name) {
      await withCode('token_not_found', async () => await keeper.revoke(name));
    },
  };
}

/** Returns false for a token with an end or limits: the ones that it added would be without them. */
function mayAdd({ name }: TokenAsker, tokens: readonly ListedToken[]): boolean {
  const asker = tokens.find((token) => token.name === name);
  const own = asker?.browser ? tokens.find((token) => token.name === asker.browser?.owner) : asker;
  return (
    own !== undefined && own.expires === null && Object.values(own.limits).every((limit) => limit === null)
  );
}

function checkGrant(asker: TokenAsker, scopes: readonly Scope[], tokens: readonly ListedToken[]): void {
  if (!mayAdd(asker, tokens))
    throw new GatewayError(
      'missing_scope',
      'Only a token without an end and without limits can add others, which could otherwise do more than it can.',
    );
  const missing = scopes.filter((scope) => !asker.scopes.includes(scope));
  if (missing.length > 0)
    throw new GatewayError(
      'missing_scope',
      `Nobody can give a scope that they do not have. Missing scopes: ${missing.join(', ')}.`,
      { param: 'scopes' },
    );
}

function checkEnd(expires: number | null, now: number): void {
  if (expires === null || (expires > now && expires <= MAX_TOKEN_TIME)) return;
  throw new GatewayError('invalid_value', "Invalid 'expires': expected a later time than now.", {
    param: 'expires',
  });
}

/** Gives a code to what is wrong with the name of a token. */
async function withCode<T>(code: ErrorCode, change: () => Promise<T>): Promise<T> {
  try {
    return await change();
  } catch (error) {
    throw error instanceof TokenNameError ? new GatewayError(code, error.message, { param: 'name' }) : error;
  }
}

function describeKey(token: ListedToken, asker: TokenAsker): ListedKey {
  const { name, scopes, created, expires, last_used: used, user_agent, limits, browser } = token;
  return {
    name,
    scopes: [...scopes],
    created: parseTime(created),
    expires: parseTime(expires),
    last_used: parseTime(used),
    user_agent,
    limits,
    browser: browser && {
      read_only: browser.read_only,
      owner: browser.owner,
      is_this: name === asker.name,
    },
  };
}

function parseTime(time: string | null): number | null {
  return time === null ? null : Date.parse(time);
}
