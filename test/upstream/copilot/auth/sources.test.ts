import { describe, expect, it } from 'vitest';
import { NEVER_ABORTED } from '../../../../src/base/async/abort.ts';
import { GatewayError } from '../../../../src/base/errors.ts';
import { exchangedToken } from '../../../support/copilot/fake-github.ts';
import { installGh, setUpAuth, type AuthSetUp } from './set-up.ts';

/** The error with which a request is refused. */
async function refusal({ bearer }: AuthSetUp, incoming?: string): Promise<GatewayError> {
  return await bearer(incoming).then(
    (token) => {
      throw new Error(`There is a token: ${token}`);
    },
    (error: unknown) => {
      expect(error).toBeInstanceOf(GatewayError);
      return error as GatewayError;
    },
  );
}

describe('the source of a token', () => {
  it('is the first in order', async () => {
    const options = {
      token: 'gho_setting',
      ghCopilotToken: 'gho_gh',
      copilotBearerToken: 'tid=bearer;exp=1:m',
    };
    const all = await setUpAuth({ credentials: options });
    const sources: (string | undefined)[] = [];
    for (const removed of [
      {},
      { token: undefined },
      { ghCopilotToken: undefined },
      { copilotBearerToken: undefined },
    ]) {
      Object.assign(all.context.credentials, removed);
      all.write({ githubToken: 'gho_file' });
      sources.push((await all.credentials.current(NEVER_ABORTED, 'Bearer gho_caller')).source);
    }
    expect(sources).toEqual(['copilot.token', 'GH_COPILOT_TOKEN', 'COPILOT_BEARER_TOKEN', 'token file']);
  });

  it('is hosts.json, then apps.json, then `gh`, then the incoming header', async () => {
    const auth = await setUpAuth({ credentials: { useGhCli: true } });
    const found: string[] = [];
    const note = async () => found.push(await auth.bearer('Bearer gho_caller'));
    await note();
    auth.writeLogins('apps.json', { 'github.com:Iv1.b507': { user: 'mona', oauth_token: 'gho_apps' } });
    await note();
    auth.writeLogins('hosts.json', { 'github.com': { user: 'mona', oauth_token: 'gho_hosts' } });
    await note();
    expect(found).toEqual(['gho_caller', 'gho_apps', 'gho_hosts']);
  });

  it('is the entry of the right host in apps.json, where a GitHub App comes first', async () => {
    const apps = {
      'octocorp.ghe.com:Iv1.b507': { oauth_token: 'ghu_octocorp' },
      'github.com.evil.example:Iv1': { oauth_token: 'ghu_evil' },
      'github.com:01ab': { oauth_token: 'gho_other' },
      'github.com:broken': 'none',
      'github.com:Iv1.b507': { oauth_token: 'ghu_app', user: 'mona' },
    };
    const auth = await setUpAuth();
    auth.writeLogins('apps.json', apps);
    expect(await auth.credentials.signIn(NEVER_ABORTED)).toEqual({
      source: 'apps.json',
      token: 'ghu_app',
      user: 'mona',
    });
    const octocorp = await setUpAuth({ urls: { githubHost: 'octocorp.ghe.com' } });
    octocorp.writeLogins('apps.json', apps);
    expect(await octocorp.credentials.signIn(NEVER_ABORTED)).toMatchObject({ token: 'ghu_octocorp' });
  });

  it('is `gh auth token` only with useGhCli, and never a variable that `gh` repeats', async () => {
    const script = 'echo "gho_$3_$4_${GH_TOKEN:-stored}${GITHUB_TOKEN}"';
    const environment = { GH_TOKEN: 'a', GITHUB_TOKEN: 'b' };
    const on = await setUpAuth({ credentials: { useGhCli: true, environment } });
    installGh(on, script);
    expect(await on.bearer()).toBe('gho_--hostname_github.com_stored');
    const off = await setUpAuth();
    installGh(off, script);
    expect((await refusal(off)).code).toBe('copilot_signed_out');
  });

  it('is not `gh` while that is not signed in, or not installed', async () => {
    const auth = await setUpAuth({ credentials: { useGhCli: true } });
    expect(await auth.credentials.isSignedIn()).toBe(false);
    const other = await setUpAuth({ credentials: { useGhCli: true } });
    installGh(other, 'echo "no oauth token" >&2; exit 1');
    expect(await other.credentials.isSignedIn()).toBe(false);
  });

  it('is not a token file with nothing but a token that has expired', async () => {
    const auth = await setUpAuth();
    auth.write({ copilotToken: 'tid=old:m', expiresAt: 1_000 });
    expect(await auth.credentials.isSignedIn()).toBe(false);
    const { code, message } = await refusal(auth);
    expect(code).toBe('copilot_signed_out');
    expect(message).toBe("The token in Copilot's token file has expired. Run `codex-gateway copilot login`.");
    expect(await auth.bearer('Bearer gho_caller')).toBe('gho_caller');
    auth.writeLogins('hosts.json', { 'github.com': { oauth_token: 'gho_hosts' } });
    expect(await auth.bearer('Bearer gho_caller')).toBe('gho_hosts');
  });
});

describe('without a source', () => {
  it('a request is refused with the command that signs in, and GitHub is asked nothing', async () => {
    const auth = await setUpAuth();
    const { code, message } = await refusal(auth);
    expect(code).toBe('copilot_signed_out');
    expect(message).toBe('You are not signed in to GitHub Copilot. Run `codex-gateway copilot login`.');
    expect(await auth.credentials.isSignedIn()).toBe(false);
    expect(await auth.credentials.account()).toBeUndefined();
    expect(auth.github.requests).toEqual([]);
  });

  it("a caller's own token is used, by its kind", async () => {
    const auth = await setUpAuth();
    expect(await auth.bearer('Bearer gho_caller')).toBe('gho_caller');
    expect(await auth.bearer('bearer tid=x;exp=1:m')).toBe('tid=x;exp=1:m');
    expect(await auth.bearer('token ghu_caller')).toBe(exchangedToken(1));
    expect(await auth.bearer('token ghu_caller')).toBe(exchangedToken(1));
    expect(await auth.credentials.isSignedIn()).toBe(false);
  });

  it.each(['Basic abc', 'gho_bare', 'Bearer', 'Bearer a b', ''])(
    'the header %j is refused',
    async (header) => {
      const { code, message } = await refusal(await setUpAuth(), header);
      expect(code).toBe('copilot_signed_out');
      expect(message).toContain("form 'Bearer TOKEN'");
    },
  );
});

describe('a file that cannot be read', () => {
  it.each([
    ['{"githubToken":"ghu_secret', 'it is not a JSON object'],
    ['["ghu_secret"]', 'it is not a JSON object'],
    ['', 'it is not a JSON object'],
    [{ githubToken: { value: 'ghu_secret' } }, 'its githubToken is not a token'],
    [{ githubToken: 'ghu_secret\nx' }, 'its githubToken is not a token'],
    [{ copilotToken: 7, githubToken: 'ghu_secret' }, 'its copilotToken is not a token'],
    [
      { copilotToken: 'tid=secret', expiresAt: 'soon' },
      'its expiresAt is not a time in seconds or milliseconds',
    ],
  ])('is an error without path and content: %j', async (content, problem) => {
    const auth = await setUpAuth();
    auth.write(content);
    const error = await refusal(auth);
    expect(error.code).toBe('copilot_auth_unreadable');
    expect(error.message).toBe(`Copilot's token file cannot be read: ${problem}. Repair or delete it.`);
    expect(JSON.stringify([error, String(error.cause), error.stack])).not.toMatch(/secret|copilot-tokens/);
  });

  it.each(['/dev/zero', '/dev', '/dev/null'])(
    'is an error if the path leads to something else, as %s does',
    async (path) => {
      const auth = await setUpAuth({ credentials: { tokenFile: path } });
      const { message } = await refusal(auth);
      expect(message).toBe("Copilot's token file cannot be read: it is not a file. Repair or delete it.");
    },
  );

  it('does not lead to another account, except the one that the caller sends', async () => {
    const auth = await setUpAuth();
    auth.write('broken');
    auth.writeLogins('hosts.json', { 'github.com': { oauth_token: 'gho_hosts' } });
    expect((await refusal(auth)).code).toBe('copilot_auth_unreadable');
    expect(await auth.credentials.isSignedIn()).toBe(true);
    expect(await auth.bearer('Bearer gho_caller')).toBe('gho_caller');
  });

  it('is an error for hosts.json, too', async () => {
    const auth = await setUpAuth();
    auth.writeLogins('hosts.json', 'gho_secret');
    const { code, message } = await refusal(auth);
    expect(code).toBe('copilot_auth_unreadable');
    expect(message).toBe(
      "The file hosts.json of GitHub's editor plugins cannot be read: it is not a JSON object. Repair or delete it.",
    );
  });
});

describe('the kind of a token', () => {
  it.each([
    ['gho_a', undefined],
    ['github_pat_a', 'copilot-developer-cli'],
    ['tid=a;exp=4102444800:mac', undefined],
    ['anything', undefined],
  ])('sends %s as it is, wherever it comes from', async (token, integrationId) => {
    for (const name of ['token', 'ghCopilotToken', 'copilotBearerToken'] as const) {
      const auth = await setUpAuth({ credentials: { [name]: token } });
      const credential = await auth.credentials.current(NEVER_ABORTED);
      expect(credential).toMatchObject({ bearer: token });
      expect(credential.integrationId).toBe(integrationId);
      expect(auth.github.requests).toEqual([]);
    }
  });

  it('exchanges ghu_ tokens, keeps the result in memory and makes no file', async () => {
    const auth = await setUpAuth({ credentials: { copilotBearerToken: 'ghu_a' } });
    expect(await auth.bearer()).toBe(exchangedToken(1));
    expect(await auth.bearer()).toBe(exchangedToken(1));
    expect(auth.github.exchanges).toBe(1);
    expect(() => auth.read()).toThrow('ENOENT');
    const [request] = auth.github.requests;
    expect(request?.headers).toMatchObject({
      authorization: 'token ghu_a',
      'editor-version': 'vscode/1.109.2',
      'editor-plugin-version': 'copilot-chat/0.35.0',
      'user-agent': 'GitHubCopilotChat/0.35.0',
      'x-github-api-version': '2025-04-01',
    });
  });

  it("shows the gateway's own name to GitHub with the identity 'gateway'", async () => {
    const auth = await setUpAuth({ credentials: { token: 'ghu_a' }, identity: 'gateway' });
    await auth.bearer();
    const [request] = auth.github.requests;
    expect(request?.headers['user-agent']).toBe('codex-gateway/1.2.3');
    expect(request?.headers).not.toHaveProperty('editor-version');
  });

  it.each<[string, string]>([
    ['token', 'Replace the token in the setting copilot.token, or remove it and run'],
    ['ghCopilotToken', 'Replace the token in GH_COPILOT_TOKEN, or remove it and run'],
    ['file', 'Run'],
    ['incoming', 'Send another token, or run'],
  ])('refuses ghp_ tokens and says why, without a call: %s', async (source, advice) => {
    const auth = await setUpAuth({ credentials: { [source]: 'ghp_secret' } });
    if (source === 'file') auth.write({ githubToken: 'ghp_secret' });
    const { code, message } = await refusal(auth, source === 'incoming' ? 'Bearer ghp_secret' : undefined);
    expect(code).toBe('copilot_signed_out');
    expect(message).toContain('does not accept classic personal access tokens (ghp_…)');
    expect(message).toContain(`${advice} \`codex-gateway copilot login\`.`);
    expect(message).not.toContain('secret');
    expect(auth.github.requests).toEqual([]);
  });
});

describe('the key of an account', () => {
  it('is the same for all tokens of a sign-in, another for another one, and no secret', async () => {
    const auth = await setUpAuth();
    auth.write({ githubToken: 'ghu_a', copilotToken: 'tid=1:m' });
    const first = await auth.credentials.account();
    auth.write({ githubToken: 'ghu_a', copilotToken: 'tid=2:m' });
    expect(await auth.credentials.account()).toBe(first);
    auth.write({ githubToken: 'ghu_b' });
    expect(await auth.credentials.account()).not.toBe(first);
    expect(first).not.toContain('ghu_a');
    expect(auth.github.requests).toEqual([]);
  });
});
