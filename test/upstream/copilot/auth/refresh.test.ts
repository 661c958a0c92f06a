import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { NEVER_ABORTED } from '../../../../src/base/async/abort.ts';
import { createCredentials } from '../../../../src/upstream/copilot/auth/credentials.ts';
import { exchangedToken } from '../../../support/copilot/fake-github.ts';
import { answerWith, type Answer } from '../../../support/copilot/recording-server.ts';
import { useFakeTimers } from '../../../support/fake-timers.ts';
import { installGh, setUpAuth, stopClock } from './set-up.ts';

/** An answer that waits until it is released. */
function held(answer: Answer): { readonly answer: Answer; readonly asked: Promise<void>; release(): void } {
  const asked = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  return {
    async answer(...given) {
      asked.resolve();
      await released.promise;
      await answer(...given);
    },
    asked: asked.promise,
    release: released.resolve,
  };
}

const UNAVAILABLE = answerWith(503, 'unavailable');

describe('a token', () => {
  it('that has expired is exchanged once for ten requests at once', async () => {
    const auth = await setUpAuth();
    auth.write({ githubToken: 'ghu_a', copilotToken: 'tid=old:m', expiresAt: 1_700_000_000 });
    const bearers = await Promise.all(Array.from({ length: 10 }, async () => await auth.bearer()));
    expect(new Set(bearers)).toEqual(new Set([exchangedToken(1)]));
    expect(auth.github.exchanges).toBe(1);
  });

  it('is refreshed before its end, by the buffer', async () => {
    const clock = stopClock();
    const auth = await setUpAuth({ credentials: { expiryBufferSeconds: 120 } });
    auth.write({ githubToken: 'ghu_a', copilotToken: 'tid=kept:m', expiresAt: clock.now + 200_000 });
    expect(await auth.bearer()).toBe('tid=kept:m');
    clock.advance(79_000);
    expect(await auth.bearer()).toBe('tid=kept:m');
    clock.advance(2_000);
    expect(await auth.bearer()).toBe(exchangedToken(1));
    clock.advance(1_400_000);
    expect(await auth.bearer()).toBe(exchangedToken(1));
    clock.advance(50_000);
    expect(await auth.bearer()).toBe(exchangedToken(2));
  });

  it('that lives no longer than the buffer is used for half of its life', async () => {
    const clock = stopClock();
    const auth = await setUpAuth({ credentials: { token: 'ghu_a' } });
    auth.github.exchange = (...given) =>
      answerWith(200, { token: exchangedToken(auth.github.exchanges), refresh_in: 40 })(...given);
    for (const [passedMs, number] of [
      [0, 1],
      [49_000, 1],
      [2_000, 2],
      [49_000, 2],
    ] as const) {
      clock.advance(passedMs);
      expect(await auth.bearer()).toBe(exchangedToken(number));
    }
  });

  it('that is still valid serves while it cannot be refreshed, and the next attempt waits', async () => {
    const clock = stopClock();
    const auth = await setUpAuth();
    auth.write({ githubToken: 'ghu_a', copilotToken: 'tid=kept:m', expiresAt: clock.now + 100_000 });
    auth.github.exchange = UNAVAILABLE;
    expect([await auth.bearer(), await auth.bearer()]).toEqual(['tid=kept:m', 'tid=kept:m']);
    expect(auth.github.exchanges).toBe(1);
    clock.advance(31_000);
    expect(await auth.bearer()).toBe('tid=kept:m');
    expect(auth.github.exchanges).toBe(2);
    clock.advance(70_000);
    await expect(auth.bearer()).rejects.toMatchObject({ code: 'copilot_auth_unreachable' });
  });

  it('that is still valid does not wait long for a GitHub that is silent', async () => {
    const auth = await setUpAuth();
    const exchange = held(answerWith(200, { token: 'tid=new:m', refresh_in: 1500 }));
    auth.github.exchange = exchange.answer;
    auth.write({ githubToken: 'ghu_a', copilotToken: 'tid=kept:m', expiresAt: Date.now() + 100_000 });
    useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const first = auth.bearer();
    await exchange.asked;
    await vi.advanceTimersByTimeAsync(5_000);
    expect(await first).toBe('tid=kept:m');
    expect(await auth.bearer()).toBe('tid=kept:m');
    exchange.release();
    vi.useRealTimers();
    await vi.waitFor(() => expect(auth.read()).toMatchObject({ copilotToken: 'tid=new:m' }));
    expect(await auth.bearer()).toBe('tid=new:m');
    expect(auth.github.exchanges).toBe(1);
  });

  it('is not refreshed with COPILOT_TOKEN_REFRESH off, which the error says', async () => {
    const clock = stopClock();
    const auth = await setUpAuth({ credentials: { refreshes: false } });
    auth.write({ githubToken: 'ghu_a', copilotToken: 'tid=kept:m', expiresAt: clock.now + 1_000 });
    const credential = await auth.credentials.current(NEVER_ABORTED);
    expect(credential.bearer).toBe('tid=kept:m');
    expect(await auth.credentials.renew(credential, NEVER_ABORTED)).toBeUndefined();
    clock.advance(2_000);
    await expect(auth.bearer()).rejects.toThrow('COPILOT_TOKEN_REFRESH turns the refresh off');
    expect(auth.github.requests).toEqual([]);
  });
});

/** Waits for a caller's exchange at GitHub, which answers when it is released. */
async function startExchange() {
  const auth = await setUpAuth({ credentials: { token: 'ghu_a' } });
  const exchange = held(answerWith(200, { token: 'tid=new:m', refresh_in: 1500 }));
  auth.github.exchange = exchange.answer;
  const leaving = new AbortController();
  const first = auth.credentials.current(leaving.signal);
  await exchange.asked;
  return { auth, exchange, leaving, first };
}

describe('a caller that leaves', () => {
  it('does not abort the exchange of the others', async () => {
    const { auth, exchange, leaving, first } = await startExchange();
    const second = auth.bearer();
    leaving.abort(new Error('gone'));
    await expect(first).rejects.toThrow('gone');
    exchange.release();
    expect(await second).toBe('tid=new:m');
    expect(auth.github.exchanges).toBe(1);
  });

  it('alone leaves the token to the next one', async () => {
    const { auth, exchange, leaving, first } = await startExchange();
    leaving.abort(new Error('gone'));
    await expect(first).rejects.toThrow('gone');
    exchange.release();
    expect(await auth.bearer()).toBe('tid=new:m');
    expect(auth.github.exchanges).toBe(1);
  });

  it('has no unhandled rejection if the exchange fails afterwards', async () => {
    const auth = await setUpAuth({ credentials: { token: 'ghu_a' } });
    const exchange = held(UNAVAILABLE);
    auth.github.exchange = exchange.answer;
    const leaving = new AbortController();
    const first = auth.credentials.current(leaving.signal);
    await exchange.asked;
    leaving.abort(new Error('gone'));
    await expect(first).rejects.toThrow('gone');
    exchange.release();
    await expect(auth.bearer()).rejects.toMatchObject({ code: 'copilot_auth_unreachable' });
  });
});

describe('a 401 of Copilot', () => {
  it('makes one exchange for ten requests that were refused at once', async () => {
    const auth = await setUpAuth();
    auth.write({ githubToken: 'ghu_a', copilotToken: 'tid=kept:m' });
    const credentials = await Promise.all(
      Array.from({ length: 10 }, async () => await auth.credentials.current(NEVER_ABORTED)),
    );
    const renewed = await Promise.all(
      credentials.map(async (credential) => await auth.credentials.renew(credential, NEVER_ABORTED)),
    );
    expect(new Set(renewed.map((credential) => credential?.bearer))).toEqual(new Set([exchangedToken(1)]));
    expect(auth.github.exchanges).toBe(1);
    expect(auth.read()).toMatchObject({ copilotToken: exchangedToken(1) });
  });

  it('for another token than the one now held takes that one, without a refresh', async () => {
    const auth = await setUpAuth();
    auth.write({ githubToken: 'ghu_a', copilotToken: 'tid=kept:m' });
    const early = await auth.credentials.current(NEVER_ABORTED);
    await auth.credentials.renew(early, NEVER_ABORTED);
    expect(await auth.credentials.renew(early, NEVER_ABORTED)).toMatchObject({ bearer: exchangedToken(1) });
    expect(auth.github.exchanges).toBe(1);
    // Another process has refreshed it, too.
    auth.write({ githubToken: 'ghu_a', copilotToken: 'tid=other:m' });
    const held = { bearer: exchangedToken(1), source: 'token file' } as const;
    expect(await auth.credentials.renew(held, NEVER_ABORTED)).toMatchObject({ bearer: 'tid=other:m' });
    expect(auth.github.exchanges).toBe(1);
  });

  it('for a token of a login that is gone takes that of the new one, even if tokens are not refreshed', async () => {
    const auth = await setUpAuth({ credentials: { refreshes: false } });
    auth.write({ githubToken: 'gho_first' });
    const early = await auth.credentials.current(NEVER_ABORTED);
    auth.write({ githubToken: 'ghu_second' });
    expect(await auth.credentials.renew(early, NEVER_ABORTED)).toMatchObject({ bearer: exchangedToken(1) });
  });

  it('asks `gh` again, but not if it has just answered', async () => {
    const clock = stopClock();
    const auth = await setUpAuth({ credentials: { useGhCli: true } });
    installGh(auth, 'read -r token < "$HOME/token"; echo "$token"');
    writeFileSync(join(auth.folder, 'token'), 'gho_first\n');
    const early = await auth.credentials.current(NEVER_ABORTED);
    expect(early).toEqual({ bearer: 'gho_first', source: 'gh' });
    writeFileSync(join(auth.folder, 'token'), 'gho_second\n');
    expect(await auth.credentials.renew(early, NEVER_ABORTED)).toBeUndefined();
    clock.advance(2_000);
    expect(await auth.bearer()).toBe('gho_first');
    expect(await auth.credentials.renew(early, NEVER_ABORTED)).toMatchObject({ bearer: 'gho_second' });
    writeFileSync(join(auth.folder, 'token'), 'gho_third\n');
    clock.advance(31_000);
    expect(await auth.bearer()).toBe('gho_third');
  });

  it('for a token that was replaced by a new login takes that one', async () => {
    const auth = await setUpAuth();
    auth.write({ githubToken: 'gho_first' });
    const early = await auth.credentials.current(NEVER_ABORTED);
    auth.write({ githubToken: 'gho_second' });
    expect(await auth.credentials.renew(early, NEVER_ABORTED)).toMatchObject({ bearer: 'gho_second' });
    expect(auth.github.requests).toEqual([]);
  });

  it.each(['gho_a', 'github_pat_a', 'tid=a:m', 'anything'])('passes at once for %s', async (token) => {
    const auth = await setUpAuth({ credentials: { token } });
    const credential = await auth.credentials.current(NEVER_ABORTED);
    expect(await auth.credentials.renew(credential, NEVER_ABORTED)).toBeUndefined();
    expect(auth.github.requests).toEqual([]);
  });

  it("passes at once for a caller's token, unless it is one that is exchanged", async () => {
    const auth = await setUpAuth();
    const { current, renew } = auth.credentials;
    const sent = await current(NEVER_ABORTED, 'Bearer gho_caller');
    expect(await renew(sent, NEVER_ABORTED, 'Bearer gho_caller')).toBeUndefined();
    const exchanged = await current(NEVER_ABORTED, 'Bearer ghu_caller');
    expect(await renew(exchanged, NEVER_ABORTED, 'Bearer ghu_caller')).toMatchObject({
      bearer: exchangedToken(2),
      source: 'incoming',
    });
  });

  it('for the kept token of a login that is not exchanged leads to the login itself, from then on', async () => {
    const auth = await setUpAuth();
    auth.write({ githubToken: 'gho_a', copilotToken: 'tid=kept:m' });
    const kept = await auth.credentials.current(NEVER_ABORTED);
    expect(kept.bearer).toBe('tid=kept:m');
    const other = await auth.credentials.renew(kept, NEVER_ABORTED);
    expect(other).toMatchObject({ bearer: 'gho_a' });
    expect(await auth.bearer()).toBe('gho_a');
    expect(await auth.credentials.renew(other!, NEVER_ABORTED)).toBeUndefined();
  });

  it('for a token that could not be written back does not bring the refused one again', async () => {
    const auth = await setUpAuth();
    auth.write({ githubToken: 'ghu_a', copilotToken: 'tid=kept:m' });
    const other = createCredentials(auth.context);
    const kept = await other.current(NEVER_ABORTED);
    await other.renew(kept, NEVER_ABORTED);
    // Something has put the file back.
    auth.write({ githubToken: 'ghu_a', copilotToken: 'tid=kept:m' });
    expect(await other.current(NEVER_ABORTED)).toMatchObject({ bearer: exchangedToken(1) });
    auth.write({ githubToken: 'ghu_a', copilotToken: 'tid=older:m', expiresAt: 5 });
    expect(await other.current(NEVER_ABORTED)).toMatchObject({ bearer: exchangedToken(1) });
    expect(auth.github.exchanges).toBe(1);
  });
});
