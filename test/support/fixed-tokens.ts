import { SCOPES, type Scope } from '../../src/base/scopes.ts';
import { GatewayError } from '../../src/base/errors.ts';
import type { Caller } from '../../src/http/requests/context.ts';
import type { TokenChecks } from '../../src/http/requests/token-checks.ts';

/** Returns checks that know tokens by their text, for tests of what comes after them. */
export function fixedTokens(known: Readonly<Record<string, FixedToken | string>>): TokenChecks {
  const find = (key: string) => (Object.hasOwn(known, key) ? asToken(known[key]!) : undefined);
  return {
    async identify({ keys }) {
      const found = keys.map(find).find((token) => token !== undefined);
      if (found === undefined) throw new GatewayError('invalid_api_key', 'Incorrect API key provided.');
      const { name, id = `id-of-${name}`, scopes = SCOPES, browser } = found;
      return { id, name, scopes, ...(browser && { browser }) };
    },
    enter: async () => {},
    check: async () => {},
    isOwn: (key) => find(key) !== undefined,
  };
}

interface FixedToken {
  readonly name: string;
  readonly id?: string;
  readonly scopes?: readonly Scope[];
  readonly browser?: Caller['browser'];
}

function asToken(given: FixedToken | string): FixedToken {
  return typeof given === 'string' ? { name: given } : given;
}
