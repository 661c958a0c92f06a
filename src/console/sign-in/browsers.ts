import type { SignInGrant } from './sign-in-codes.ts';

/** A browser that has just signed in. */
interface NewBrowser {
  /** Its token, for the cookie. */
  readonly token: string;
  /** The key that its page sends beside the cookie. */
  readonly pageKey: string;
  /** Seconds after which it has to sign in again. */
  readonly maxAgeSeconds: number;
}

/** The browsers that are signed in. */
export interface Browsers {
  signIn(grant: SignInGrant): Promise<NewBrowser>;
  /** Signs out the browser with this name. */
  signOut(name: string): Promise<void>;
  /** Returns false if too many wrong codes came from an address, so that even the answer that one is wrong would help. */
  judgeGuess(address: string): boolean;
}
