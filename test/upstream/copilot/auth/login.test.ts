import { existsSync, readdirSync } from 'node:fs';
import { Readable } from 'node:stream';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { NEVER_ABORTED } from '../../../../src/base/async/abort.ts';
import { startCopilotLogin } from '../../../../src/upstream/copilot/auth/login.ts';
import type { HttpRequest } from '../../../../src/upstream/copilot/transport/http-client.ts';
import { USER_CODE } from '../../../support/copilot/fake-github.ts';
import { countOpenTimers, useFakeTimers } from '../../../support/fake-timers.ts';
import { modeOf, setUpAuth } from './set-up.ts';

afterEach(() => void vi.useRealTimers());

/** An answer of GitHub to a question for the token; a text is the `error` of a 200, except `unreachable`. */
type Step = string | { readonly status?: number; readonly [key: string]: unknown };

const CODE = {
  device_code: 'device',
  user_code: USER_CODE,
  verification_uri: 'https://github.com/login/device',
  interval: 5,
  expires_in: 900,
};

/** A login that waits, under fake timers; GitHub gives these answers in order, and the last one again and again. */
async function waitForSteps(steps: readonly Step[], code: object = CODE) {
  const asked: { readonly seconds: number; readonly body: unknown }[] = [];
  let began = 0;
  const send = async ({ url, body }: HttpRequest) => {
    if (url.endsWith('/device/code')) return answer(200, code);
    asked.push({ seconds: (Date.now() - began) / 1000, body: JSON.parse(String(body)) });
    const step = steps[asked.length - 1] ?? steps.at(-1)!;
    if (step === 'unreachable') throw new Error('offline');
    if (typeof step === 'string') return answer(200, { error: step });
    const { status = 200, ...rest } = step;
    return answer(status, rest);
  };
  const auth = await setUpAuth({ send });
  useFakeTimers();
  began = Date.now();
  const login = await startCopilotLogin(auth.context, NEVER_ABORTED);
  const stop = new AbortController();
  const result = login.wait(stop.signal).then(
    () => 'signed in',
    (error: Error) => error.message,
  );
  return { auth, asked, login, result, stop };
}

function answer(status: number, body: object) {
  return { status, headers: {}, body: Readable.from([Buffer.from(JSON.stringify(body))]) };
}

const secondsOf = ({ asked }: Awaited<ReturnType<typeof waitForSteps>>) =>
  asked.map(({ seconds }) => seconds);

describe('a sign-in with a device code', () => {
  it('asks GitHub for a code for the application and the scope that are set', async () => {
    const auth = await setUpAuth();
    const login = await startCopilotLogin(auth.context, NEVER_ABORTED);
    expect(login).toMatchObject({
      userCode: USER_CODE,
      verificationUrl: `${auth.github.origin}/login/device`,
    });
    const [request] = auth.github.requests;
    expect(request?.headers).toMatchObject({
      accept: 'application/json',
      'content-type': 'application/json',
    });
    expect(request?.body).toEqual({ client_id: 'client', scope: 'read:user' });
  });

  it('waits before each question, longer after slow_down, and keeps the token', async () => {
    const steps = [
      'authorization_pending',
      'slow_down',
      'authorization_pending',
      { access_token: 'ghu_new' },
    ];
    const run = await waitForSteps(steps);
    expect(run.asked).toEqual([]);
    await vi.advanceTimersByTimeAsync(5_900);
    expect(run.asked).toEqual([]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await run.result).toBe('signed in');
    expect(secondsOf(run)).toEqual([6, 12, 23, 34]);
    expect(run.asked[0]?.body).toEqual({
      client_id: 'client',
      device_code: 'device',
      grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
    });
    expect(run.auth.read()).toEqual({ githubToken: 'ghu_new', lastUpdated: expect.any(String) });
    expect(modeOf(run.auth.tokenFile)).toBe(0o600);
    expect(countOpenTimers()).toBe(0);
  });

  it('takes the longer interval that GitHub gives with slow_down', async () => {
    const run = await waitForSteps([{ error: 'slow_down', interval: 30 }, { access_token: 'ghu_new' }]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await run.result).toBe('signed in');
    expect(secondsOf(run)).toEqual([6, 37]);
  });

  it('has the usual interval and life where GitHub gives none', async () => {
    const { interval: _, expires_in: __, ...rest } = CODE;
    const run = await waitForSteps(['authorization_pending'], rest);
    expect(run.login.expiresAtMs - Date.now()).toBe(900_000);
    await vi.advanceTimersByTimeAsync(13_000);
    expect(secondsOf(run)).toEqual([6, 12]);
    run.stop.abort(new Error('done'));
    await run.result;
  });

  it.each<[string, Step]>([
    ['cannot be reached', 'unreachable'],
    ['limits the rate', { status: 429 }],
    ['is unavailable', { status: 503 }],
  ])('goes on more slowly while GitHub %s', async (_, step) => {
    const run = await waitForSteps([step, step, { access_token: 'ghu_new' }]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await run.result).toBe('signed in');
    expect(secondsOf(run)).toEqual([6, 17, 33]);
  });

  it('ends when the code expires, by the clock', async () => {
    const run = await waitForSteps(['authorization_pending'], { ...CODE, expires_in: 20 });
    await vi.advanceTimersByTimeAsync(20_000);
    expect(await run.result).toBe('The code has expired; sign in again for a new one.');
    expect(secondsOf(run)).toEqual([6, 12, 18]);
    expect(countOpenTimers()).toBe(0);
  });

  it.each<[Step, string]>([
    ['expired_token', 'The code has expired; sign in again for a new one.'],
    ['access_denied', 'The sign-in was refused at GitHub.'],
    ['device_flow_disabled', 'GitHub refuses the sign-in (status 200, device_flow_disabled).'],
    [
      { status: 400, error: 'incorrect_device_code', error_description: 'The code\nis wrong.' },
      'GitHub refuses the sign-in (status 400, incorrect_device_code, The code is wrong).',
    ],
    [{ status: 404, message: 'Not Found' }, 'GitHub refuses the sign-in (status 404, Not Found).'],
    [{ access_token: 'two words' }, 'GitHub refuses the sign-in (status 200).'],
  ])('ends with %j and leaves the file as it was', async (step, message) => {
    const run = await waitForSteps([step]);
    run.auth.write({ githubToken: 'gho_before' });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await run.result).toBe(message);
    expect(run.auth.read()).toEqual({ githubToken: 'gho_before' });
  });

  it('leaves nothing when it is stopped', async () => {
    const run = await waitForSteps(['authorization_pending']);
    await vi.advanceTimersByTimeAsync(10_000);
    run.stop.abort(new Error('stopped'));
    expect(await run.result).toBe('stopped');
    expect(readdirSync(run.auth.folder)).toEqual([]);
    expect(countOpenTimers()).toBe(0);
  });

  it('replaces the tokens of the login before and keeps all other keys', async () => {
    const run = await waitForSteps([{ access_token: 'gho_new' }]);
    const before = { githubToken: 'ghu_a', copilotToken: 'tid=a:m', endpoint: 'e', expiresAt: 5, mine: true };
    run.auth.write(before);
    await vi.advanceTimersByTimeAsync(6_000);
    expect(await run.result).toBe('signed in');
    expect(run.auth.read()).toEqual({ githubToken: 'gho_new', lastUpdated: expect.any(String), mine: true });
    expect(await run.auth.bearer()).toBe('gho_new');
  });
});

describe('a sign-in does not begin', () => {
  it('with a token file that cannot be read', async () => {
    const auth = await setUpAuth();
    auth.write('{"githubToken":"ghu_secret');
    await expect(startCopilotLogin(auth.context, NEVER_ABORTED)).rejects.toThrow(
      `it is not a JSON object. Repair or delete it. The file is ${auth.tokenFile}.`,
    );
    expect(auth.github.requests).toEqual([]);
  });

  it('where GitHub cannot be reached', async () => {
    const auth = await setUpAuth({ urls: { deviceCode: 'http://127.0.0.1:9/code' } });
    await expect(startCopilotLogin(auth.context, NEVER_ABORTED)).rejects.toThrow(
      'GitHub cannot be reached. The request to http://127.0.0.1:9/code failed: the connection was refused.',
    );
    expect(existsSync(auth.tokenFile)).toBe(false);
  });

  it.each([
    [404, { error: 'Not Found' }, 'GitHub gives no code to sign in with (status 404, Not Found).'],
    [200, { ...CODE, user_code: 'A\u001B[2J' }, 'GitHub gives no code to sign in with (status 200).'],
    [200, { ...CODE, verification_uri: 'file:///etc' }, 'GitHub gives no code to sign in with (status 200).'],
    [200, 'text', 'GitHub gives no code to sign in with (status 200).'],
  ])('with the answer %i %j', async (status, body, message) => {
    const auth = await setUpAuth({ send: async () => answer(status, body as object) });
    await expect(startCopilotLogin(auth.context, NEVER_ABORTED)).rejects.toThrow(message);
  });

  it('for a caller that has left', async () => {
    const auth = await setUpAuth();
    await expect(startCopilotLogin(auth.context, AbortSignal.abort(new Error('gone')))).rejects.toThrow(
      'gone',
    );
  });
});
