import { effect, signal } from '@preact/signals';
import type { Me, SignedIn } from '../../src/console/contract/sign-in.ts';
import { keepPageKey } from '../api/page-key.ts';
import { ApiError, request, signedOut } from '../api/request.ts';

/** This browser: signed in as `Me`, signed out, or unknown until the gateway has answered. */
export const session = signal<Me | 'signed-out' | 'unknown'>('unknown');

/** A sentence that says why signing in has failed. */
export const signInProblem = signal('');

effect(() => {
  if (signedOut.value === 0) return;
  if (typeof session.peek() === 'object') signInProblem.value = 'This browser was signed out.';
  session.value = 'signed-out';
});

/** Signs in with the code in the address, if there is one, and finds out who this browser is. */
export async function openSession(): Promise<void> {
  const code = /^#code=([\w-]+)$/.exec(location.hash)?.[1];
  try {
    if (code !== undefined) {
      // The code is used up, and belongs neither in the address nor in the history.
      history.replaceState(null, '', location.pathname);
      const { page_key: key } = await request<SignedIn>('console/sign-in', {
        method: 'POST',
        body: { code },
      });
      keepPageKey(key);
    }
  } catch (error) {
    signInProblem.value = (error as Error).message;
  }
  await readSession();
}

async function readSession(): Promise<void> {
  try {
    session.value = await request<Me>('console/me');
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) session.value = 'signed-out';
    else {
      signInProblem.value = (error as Error).message;
      session.value = 'signed-out';
    }
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
