import { expect, it, onTestFinished, vi } from 'vitest';
import { abortable } from '../../../src/base/async/abort.ts';
import { createAccount } from '../../../src/sessions/account/account.ts';

const LOGIN = { verificationUrl: 'https://auth.example.com/device', userCode: 'ABCD-1234' };

it('the end of the gateway does not wait for a sign-in, with a code or without', async () => {
  let closed = 0;
  const close = async () => void (closed += 1);
  for (const silent of [true, false]) {
    const account = createAccount({
      isStarted: () => false,
      readAccount: async () => ({ type: 'signed-out' }),
      async startLogin(signal) {
        if (silent) await abortable(new Promise(() => {}), signal);
        return { ...LOGIN, completed: new Promise(() => {}), close };
      },
    });
    const signingIn = account.signIn();
    signingIn.catch(() => {});
    if (!silent) await signingIn;
    await account.close();
    expect(closed).toBe(silent ? 0 : 1);
    if (silent) await expect(signingIn).rejects.toThrow('shutting down');
  }
});

it('a sign-in that is refused says why, and the next one is a new one', async () => {
  const refused = Promise.withResolvers<void>();
  let count = 0;
  const account = createAccount({
    isStarted: () => false,
    readAccount: async () => ({ type: 'signed-out' }),
    async startLogin() {
      count += 1;
      return { ...LOGIN, completed: refused.promise, close: async () => {} };
    },
  });
  expect((await account.signIn()).status).toBe('ready');
  refused.reject(new Error('/a/path that nobody should see'));
  await expect.poll(() => account.device()?.status).toBe('error');
  expect(account.device()?.error).toBe('The sign-in has failed.');
  await account.signIn();
  expect(count).toBe(2);
  await account.close();
});

it('an earlier sign-in that fails once more does not change a new one', async () => {
  const first = Promise.withResolvers<void>();
  const logins = [first.promise, new Promise<void>(() => {})];
  const account = createAccount({
    isStarted: () => false,
    readAccount: async () => ({ type: 'signed-out' }),
    startLogin: async () => ({ ...LOGIN, completed: logins.shift()!, close: async () => {} }),
  });
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  await account.signIn();
  await vi.advanceTimersByTimeAsync(15 * 60_000);
  expect(account.device()).toMatchObject({ status: 'error', error: expect.stringContaining('expired') });
  await account.signIn();
  first.reject(new Error('closed'));
  await vi.advanceTimersByTimeAsync(1);
  expect(account.device()?.status).toBe('ready');
  await account.close();
});
