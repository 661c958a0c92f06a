import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NEVER_ABORTED } from '../../../../src/base/async/abort.ts';
import { GatewayError } from '../../../../src/base/errors.ts';
import { removeCopilotLogin } from '../../../../src/upstream/copilot/auth/login.ts';
import { createTokenFile } from '../../../../src/upstream/copilot/auth/token-file.ts';
import { isToken } from '../../../../src/upstream/copilot/auth/token-kinds.ts';
import { exchangedToken } from '../../../support/copilot/fake-github.ts';
import { answerWith } from '../../../support/copilot/recording-server.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { modeOf, setUpAuth, stopClock } from './set-up.ts';

const SECONDS = 4_102_444_800;

describe('a token in the file', () => {
  it.each([SECONDS, SECONDS * 1000, String(SECONDS), ` ${SECONDS * 1000}`])(
    'that has not expired (%j) is sent first, whatever the GitHub token is',
    async (expiresAt) => {
      for (const githubToken of ['ghu_a', 'gho_a', 'ghp_a', undefined]) {
        const auth = await setUpAuth();
        auth.write({ githubToken, copilotToken: 'tid=kept:m', expiresAt });
        const credential = await auth.credentials.current(NEVER_ABORTED);
        expect(credential).toMatchObject({ bearer: 'tid=kept:m', expiresAtMs: SECONDS * 1000 });
        expect(auth.github.requests).toEqual([]);
      }
    },
  );

  it('never expires without expiresAt, and brings its endpoint with it', async () => {
    const auth = await setUpAuth();
    auth.write({
      githubToken: 'ghu_a',
      copilotToken: 'tid=kept:m',
      endpoint: 'https://api.business.example/chat/completions',
    });
    expect(await auth.credentials.current(NEVER_ABORTED)).toEqual({
      bearer: 'tid=kept:m',
      source: 'token file',
      endpoint: 'https://api.business.example',
      expiresAtMs: undefined,
    });
  });

  it.each([
    ['ghu_a', exchangedToken(1), 1],
    ['gho_a', 'gho_a', 0],
    ['anything', 'anything', 0],
  ])(
    'that has expired leaves the GitHub token %s, which counts by its kind',
    async (githubToken, sent, exchanges) => {
      const auth = await setUpAuth();
      auth.write({ githubToken, copilotToken: 'tid=old:m', expiresAt: 1_700_000_000 });
      expect(await auth.bearer()).toBe(sent);
      expect(auth.github.exchanges).toBe(exchanges);
    },
  );

  it('is read again when a file changes that has been the same for long, even if its size stays', async () => {
    const clock = stopClock();
    const auth = await setUpAuth();
    for (const token of ['gho_first', 'gho_other', 'gho_third']) {
      auth.write({ githubToken: token });
      clock.advance(10_000);
      expect([await auth.bearer(), await auth.bearer()]).toEqual([token, token]);
    }
    auth.write('broken');
    await expect(auth.bearer()).rejects.toMatchObject({ code: 'copilot_auth_unreadable' });
    auth.write({ githubToken: 'gho_again' });
    expect(await auth.bearer()).toBe('gho_again');
  });

  it('is read again when the file changes', async () => {
    const auth = await setUpAuth();
    auth.write({ githubToken: 'gho_first' });
    expect(await auth.bearer()).toBe('gho_first');
    auth.write({ githubToken: 'gho_other' });
    expect(await auth.bearer()).toBe('gho_other');
    rmSync(auth.tokenFile);
    expect(await auth.credentials.isSignedIn()).toBe(false);
    auth.write('\uFEFF{"githubToken":" gho_third "}');
    expect(await auth.bearer()).toBe('gho_third');
  });
});

describe('a new token', () => {
  it('is kept with its endpoint and its end in milliseconds, beside all other keys', async () => {
    const clock = stopClock();
    const auth = await setUpAuth();
    auth.github.exchange = answerWith(200, {
      token: 'tid=new:m',
      // The clocks of GitHub and of this machine differ.
      expires_at: 1,
      refresh_in: 1500,
      endpoints: { api: 'https://api.individual.example/' },
    });
    auth.write({ mine: { a: [1.5] }, githubToken: 'ghu_a', copilotToken: 'tid=old:m', expiresAt: 5 });
    expect(await auth.credentials.current(NEVER_ABORTED)).toMatchObject({
      bearer: 'tid=new:m',
      endpoint: 'https://api.individual.example',
    });
    expect(auth.read()).toEqual({
      mine: { a: [1.5] },
      githubToken: 'ghu_a',
      copilotToken: 'tid=new:m',
      endpoint: 'https://api.individual.example/chat/completions',
      expiresAt: clock.now + 1_560_000,
      lastUpdated: new Date(clock.now).toISOString(),
    });
    expect(modeOf(auth.tokenFile)).toBe(0o600);
    expect(readdirSync(auth.folder)).toEqual(['.copilot-tokens.json']);
  });

  it('takes the endpoint of the one before out, if GitHub gives none with it', async () => {
    const auth = await setUpAuth();
    auth.write({
      githubToken: 'ghu_a',
      copilotToken: 'tid=old:m',
      expiresAt: 5,
      endpoint: 'https://old.example',
    });
    await auth.bearer();
    expect(auth.read()).not.toHaveProperty('endpoint');
  });

  it('makes a file that all could read readable by its owner only', async () => {
    const auth = await setUpAuth();
    auth.write({ githubToken: 'ghu_a' });
    chmodSync(auth.tokenFile, 0o644);
    await auth.bearer();
    expect(modeOf(auth.tokenFile)).toBe(0o600);
  });

  it('is written through a symbolic link, which stays', async () => {
    const auth = await setUpAuth();
    const target = join(auth.folder, 'elsewhere', 'tokens.json');
    mkdirSync(join(auth.folder, 'elsewhere'));
    writeFileSync(target, '{"githubToken":"ghu_a"}');
    symlinkSync(join('elsewhere', 'tokens.json'), auth.tokenFile);
    await auth.bearer();
    expect(lstatSync(auth.tokenFile).isSymbolicLink()).toBe(true);
    expect(JSON.parse(readFileSync(target, 'utf8'))).toMatchObject({ copilotToken: exchangedToken(1) });
  });

  it('is not written if the file has another login by then, or none', async () => {
    for (const later of [{ githubToken: 'ghu_other' }, { others: 1 }]) {
      const auth = await setUpAuth();
      auth.write({ githubToken: 'ghu_a' });
      auth.github.exchange = (...given) => {
        auth.write(later);
        return answerWith(200, { token: 'tid=new:m', refresh_in: 1500 })(...given);
      };
      expect(await auth.bearer()).toBe('tid=new:m');
      expect(auth.read()).toEqual(later);
    }
  });

  it('is not written to a file whose login is not the one that was exchanged', async () => {
    const auth = await setUpAuth({ credentials: { ghCopilotToken: 'ghu_variable' } });
    auth.write({ githubToken: 'ghu_file' });
    expect(await auth.bearer()).toBe(exchangedToken(1));
    expect(auth.read()).toEqual({ githubToken: 'ghu_file' });
  });

  it('is used from memory if it cannot be written', async () => {
    // There is no room in the name for that of a draft beside the file.
    const tokenFile = join(temporaryFolder(), 'x'.repeat(240));
    const auth = await setUpAuth({ credentials: { tokenFile } });
    const kept = JSON.stringify({ githubToken: 'ghu_a', copilotToken: 'tid=old:m', expiresAt: 5 });
    writeFileSync(tokenFile, kept);
    expect([await auth.bearer(), await auth.bearer()]).toEqual([exchangedToken(1), exchangedToken(1)]);
    expect(auth.github.exchanges).toBe(1);
    expect(readFileSync(tokenFile, 'utf8')).toBe(kept);
    expect(auth.observed).toEqual([{ type: 'copilot-token-unsaved', problem: 'ENAMETOOLONG' }]);
  });
});

it('a login makes the folder of the file, for its owner only', async () => {
  const folder = temporaryFolder();
  const path = join(folder, 'new', 'folder', 'tokens.json');
  await createTokenFile(path).saveLogin('gho_new');
  expect([modeOf(path), modeOf(join(folder, 'new'))]).toEqual([0o600, 0o700]);
});

describe('signing out', () => {
  it('takes the tokens out and leaves the rest', async () => {
    const auth = await setUpAuth();
    auth.write({
      githubToken: 'a',
      copilotToken: 'b',
      endpoint: 'c',
      expiresAt: 4,
      lastUpdated: 'e',
      mine: 1,
    });
    expect(await removeCopilotLogin(auth.tokenFile)).toBe(true);
    expect(auth.read()).toEqual({ mine: 1 });
    expect(modeOf(auth.tokenFile)).toBe(0o600);
    expect(await removeCopilotLogin(auth.tokenFile)).toBe(false);
  });

  it('removes a file with nothing else, and does nothing without one', async () => {
    const auth = await setUpAuth();
    auth.write({ githubToken: 'a', lastUpdated: 'e' });
    expect(await removeCopilotLogin(auth.tokenFile)).toBe(true);
    expect(existsSync(auth.tokenFile)).toBe(false);
    expect(await removeCopilotLogin(auth.tokenFile)).toBe(false);
    expect(await removeCopilotLogin(join(auth.folder, 'none', 'tokens.json'))).toBe(false);
  });

  it('leaves a symbolic link, through which the next login is written', async () => {
    const auth = await setUpAuth();
    const target = join(auth.folder, 'tokens.json');
    symlinkSync(target, auth.tokenFile);
    await createTokenFile(auth.tokenFile).saveLogin('gho_first');
    expect(JSON.parse(readFileSync(target, 'utf8'))).toMatchObject({ githubToken: 'gho_first' });
    expect(await removeCopilotLogin(auth.tokenFile)).toBe(true);
    expect(existsSync(target)).toBe(false);
    expect(lstatSync(auth.tokenFile).isSymbolicLink()).toBe(true);
  });

  it('fails at a file that cannot be read, with its path', async () => {
    const auth = await setUpAuth();
    auth.write('{"githubToken":"ghu_secret');
    const failure = removeCopilotLogin(auth.tokenFile);
    await expect(failure).rejects.toThrow(`The file is ${auth.tokenFile}.`);
    await expect(failure).rejects.not.toThrow('secret');
  });
});

describe('whatever the file holds', () => {
  const anything = fc.jsonValue();
  const content = fc.record(
    {
      githubToken: fc.oneof(fc.constantFrom('ghu_a', 'gho_a', ''), anything),
      copilotToken: fc.oneof(fc.constantFrom('tid=a:m', ''), anything),
      expiresAt: fc.oneof(fc.integer(), fc.double(), fc.integer().map(String), anything),
      endpoint: fc.oneof(fc.webUrl(), anything),
      others: anything,
    },
    { requiredKeys: [] },
  );

  it('there are tokens that can be sent, or an error that says what is wrong', async () => {
    const path = join(temporaryFolder(), 'tokens.json');
    const file = createTokenFile(path);
    await fc.assert(
      fc.asyncProperty(content, async (value) => {
        writeFileSync(path, JSON.stringify(value));
        const found = await file.read().catch((error: unknown) => error);
        if (found instanceof GatewayError) {
          expect(found.code).toBe('copilot_auth_unreadable');
          return;
        }
        const { githubToken = 'a', copilotToken } = found as Awaited<ReturnType<typeof file.read>> & object;
        expect([githubToken, copilotToken?.bearer ?? 'a'].every(isToken)).toBe(true);
        expect(copilotToken?.expiresAtMs).not.toBeNaN();
      }),
    );
  });

  it('signing out leaves all keys but those of a login', async () => {
    const path = join(temporaryFolder(), 'tokens.json');
    await fc.assert(
      fc.asyncProperty(content, async (value) => {
        const text = JSON.stringify(value);
        writeFileSync(path, text);
        await removeCopilotLogin(path);
        const { others } = JSON.parse(text) as { others?: unknown };
        expect(existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {}).toEqual(
          others === undefined ? {} : { others },
        );
      }),
    );
  });
});
