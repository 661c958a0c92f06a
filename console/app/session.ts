import { effect, signal } from '@preact/signals';
import type { Me, SignedIn } from '../../src/console/contract/sign-in.ts';
import { ApiError } from '../api/api-error.ts';
import { keepPageKey, onPageKey } from '../api/page-key.ts';
import { request, signedOut } from '../api/request.ts';
import { codeIn } from './sign-in-link.ts';

/** This browser: signed in as `Me`, signed out, or unknown until the gateway has answered. */
export const session = signal<Me | 'signed-out' | 'unknown'>('unknown');

/** A sentence that says why signing in has failed. */
export const signInProblem = signal('');

/** True while a link is used: what is refused meanwhile was asked for by the browser that this one was before. */
let isSigningIn = false;

effect(() => {
  if (signedOut.value === 0 || isSigningIn) return;
  if (typeof session.peek() === 'object') signInProblem.value = 'This browser was signed out.';
  session.value = 'signed-out';
});

/** Finds out who this browser is, and signs it in whenever its address becomes that of a link; returns a function that ends that. */
export function followSignIns(): () => void {
  const stop = new AbortController();
  const { signal: stopped } = stop;
  addEventListener('hashchange', ({ oldURL }) => void takeLink(new URL(oldURL).hash), { signal: stopped });
  // Another tab has signed in.
  onPageKey(() => void readSession(), stopped);
  void takeLink('').then((isUsed) => (isUsed ? undefined : readSession()));
  return () => stop.abort();
}

/**
 * Signs in with the code in the address, and returns false if there is none.
 * @param place Fragment of the address that takes the place of the code.
 */
async function takeLink(place: string): Promise<boolean> {
  const code = codeIn(location.hash);
  if (code === undefined) return false;
  // The code is used up, and belongs neither in the address nor in the history.
  history.replaceState(null, '', `${location.pathname}${codeIn(place) === undefined ? place : ''}`);
  isSigningIn = true;
  session.value = 'unknown';
  signInProblem.value = '';
  try {
    const { page_key: key } = await request<SignedIn>('console/sign-in', { method: 'POST', body: { code } });
    keepPageKey(key);
  } catch (error) {
    signInProblem.value = (error as Error).message;
  } finally {
    isSigningIn = false;
  }
  await readSession();
  return true;
}

async function readSession(): Promise<void> {
  try {
    const me = await request<Me>('console/me');
    if (session.peek() === 'signed-out') signInProblem.value = '';
    session.value = me;
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 401)) signInProblem.value = (error as Error).message;
    session.value = 'signed-out';
  }
}

export async function signOut(): Promise<void> {
  await request('console/sign-out', { method: 'POST' });
  session.value = 'signed-out';
}

/** Returns false for a browser that is signed in to look only. */
export function mayChange(): boolean {
  const me = session.value;
  return typeof me === 'object' && !me.read_only;
}
