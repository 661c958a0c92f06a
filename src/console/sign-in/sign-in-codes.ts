import { createHash, randomBytes } from 'node:crypto';
import type { Scope } from '../../base/scopes.ts';

/** Permission for one browser to sign in. */
export interface SignInGrant {
  /** Id of the token in whose name it signs in. */
  readonly owner: string;
  readonly scopes: readonly Scope[];
  readonly isReadOnly: boolean;
}

/** One-time codes. Each signs one browser in. */
export interface SignInCodes {
  make(grant: SignInGrant): string;
  /** Returns the grant of a code, which counts once and for a minute; undefined for any other text. */
  take(code: string): SignInGrant | undefined;
}

/** Seconds for which a code holds. */
export const CODE_SECONDS = 60;

/** Maximum number of codes that are held at once: the oldest are forgotten. */
const MAX_CODES = 100;

/** @param now Milliseconds of a clock that never goes back. */
export function createSignInCodes(now: () => number = () => performance.now()): SignInCodes {
  const held = new Map<string, { readonly grant: SignInGrant; readonly madeAt: number }>();
  return {
    make(grant) {
      const code = randomBytes(24).toString('base64url');
      held.set(digestOfCode(code), { grant, madeAt: now() });
      if (held.size > MAX_CODES) held.delete(held.keys().next().value!);
      return code;
    },
    take(code) {
      const digest = digestOfCode(code);
      const found = held.get(digest);
      held.delete(digest);
      return found !== undefined && now() - found.madeAt < CODE_SECONDS * 1000 ? found.grant : undefined;
    },
  };
}

/** Returns the text by which a code is found: how long the search takes says nothing about the codes themselves. */
function digestOfCode(code: string): string {
  return createHash('sha256').update(code).digest('hex');
}
