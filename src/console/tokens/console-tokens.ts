import type { z } from 'zod';
import type { Scope } from '../../base/scopes.ts';
import type { AddedKey, ListedKeys, newTokenSchema } from '../contract/tokens.ts';

/** The one who asks. */
export interface TokenAsker {
  /** Name of its token, or of the browser. */
  readonly name: string;
  readonly scopes: readonly Scope[];
}

/** The named tokens and the signed-in browsers, for those who look after the gateway. */
export interface ConsoleTokens {
  list(asker: TokenAsker): Promise<ListedKeys>;
  /** Rejects with a `GatewayError` for what the one who asks may not give, and for a name that is taken or cannot be used. */
  add(asker: TokenAsker, given: z.output<typeof newTokenSchema>): Promise<AddedKey>;
  /** Rejects with a `GatewayError` if there is no token of that name. */
  revoke(name: string): Promise<void>;
}
