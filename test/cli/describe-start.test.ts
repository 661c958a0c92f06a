import { describe, expect, it } from 'vitest';
import { describeStart, type Start } from '../../src/cli/describe-start.ts';

type Login = Start['gateway']['login'];
type Token = Start['settings']['token'];

interface Facts {
  readonly tokenFile?: string | undefined;
  readonly usesKeyring?: boolean;
  readonly modelsAreGuessed?: boolean;
  readonly missingTargets?: Start['gateway']['missingTargets'];
  readonly hasUsualConfig?: boolean;
  readonly hasCopilotOnly?: boolean;
  readonly demo?: boolean;
}

function describeWith(login: Login, token?: Token, facts: Facts = {}): string {
  const { tokenFile, usesKeyring = false, modelsAreGuessed = false, missingTargets = [] } = facts;
  const { hasUsualConfig = false, hasCopilotOnly = false, demo = false } = facts;
  return describeStart({
    gateway: {
      origin: 'http://127.0.0.1:8000',
      token: token?.value ?? 'generated',
      codex: { path: '/opt/codex', version: '0.169.0' },
      provider: 'mine',
      usesKeyring,
      modelsAreGuessed,
      missingTargets,
      login,
      model: 'gpt-5.5',
    } as Start['gateway'],
    settings: { host: '127.0.0.1', token, configPath: '/home/me/my config.json' } as Start['settings'],
    demo,
    tokenFile,
    codexHome: undefined,
    command: { usual: 'codex-gateway', withoutPaths: 'codex-gateway' },
    hasUsualConfig,
    hasCopilotOnly,
  });
}

describe('the account in the start message', () => {
  it.each<[Login, string]>([
    [
      {
        type: 'account',
        account: { type: 'chatgpt', email: 'a@example.com', planType: 'pro', workspaceName: null },
      },
      'Codex 0.169.0: signed in with ChatGPT as a@example.com (pro).',
    ],
    [{ type: 'account', account: { type: 'apiKey' } }, 'signed in with an API key.'],
    [{ type: 'account', account: { type: 'gcp' } }, 'signed in (gcp).'],
    [{ type: 'signed-out' }, 'not signed in. Run: codex-gateway login'],
    [{ type: 'not-needed' }, "Codex 0.169.0: provider 'mine', which needs no OpenAI account."],
    [{ type: 'unknown', problem: 'offline' }, 'the account could not be read (offline).'],
  ])('is described for %j', (login, text) => {
    expect(describeWith(login)).toContain(text);
  });
});

it('the start message says that a login kept in the keyring is out of reach', () => {
  const text = describeWith({ type: 'signed-out' }, undefined, { usesKeyring: true });
  expect(text).toContain(
    'A login that Codex keeps in the keyring is tied to its own CODEX_HOME. Run: codex-gateway login',
  );
});

it('the start message says which models answer without a login of Codex', () => {
  const login = { type: 'signed-out' } as const;
  const text = describeWith(login, undefined, { hasCopilotOnly: true });
  expect(text).toContain('\nGitHub Copilot: signed in. Its models begin with copilot/\n');
  expect(describeWith(login)).not.toContain('Copilot');
});

it('the start message says in one line that the models of a foreign provider are not listed in the config', () => {
  const text = describeWith({ type: 'not-needed' }, undefined, { modelsAreGuessed: true });
  expect(text).toMatch(
    /^Models: +none are configured for 'mine', so the list is Codex's own.* "models" in the config file\.$/m,
  );
  expect(describeWith({ type: 'not-needed' })).not.toContain('Models:');
});

it('the start message warns of an alias of a model that does not exist', () => {
  const missingTargets = [{ id: 'deep', model: 'gpt-0' }];
  expect(describeWith({ type: 'not-needed' }, undefined, { missingTargets })).toMatch(
    /^Warning: +the alias 'deep' names the model 'gpt-0', which does not exist; correct "models"/m,
  );
});

describe('the token in the start message', () => {
  const login: Login = { type: 'not-needed' };
  const key = (text: string) => /^API key: {2}(.*)$/m.exec(text)![1];
  const bearer = (text: string) => /-H (.*Bearer.*) \\/.exec(text)![1];

  it('is printed with the curl line when it is generated for this run', () => {
    const text = describeWith(login);
    expect(text.match(/generated/g)).toHaveLength(2);
    expect(bearer(text)).toBe(`'Authorization: Bearer generated'`);
  });

  it('is printed with its file when it is kept in the state folder', () => {
    const text = describeWith(login, { value: 'made', source: 'state', path: '/state/token' });
    expect(key(text)).toBe('made (the same at every start; kept in /state/token)');
  });

  it.each(['environment', 'flag'] as const)(
    'is to be exported by the user who set it by the %s',
    (source) => {
      expect(key(describeWith(login, { value: 'SECRET', source }))).toBe(
        'the token you started it with; before the line below, run: export CODEX_GATEWAY_TOKEN=…',
      );
    },
  );

  it.each<[NonNullable<Token>['source'], string]>([
    ['config', `"Authorization: Bearer $(codex-gateway token --config '/home/me/my config.json')"`],
    ['file', '"Authorization: Bearer $(cat /run/token)"'],
    ['environment', '"Authorization: Bearer $CODEX_GATEWAY_TOKEN"'],
    ['flag', '"Authorization: Bearer $CODEX_GATEWAY_TOKEN"'],
  ])('is never printed when it comes from the %s', (source, expected) => {
    const text = describeWith(login, { value: 'SECRET', source }, { tokenFile: '/run/token' });
    expect(text).not.toContain('SECRET');
    expect(key(text)).not.toMatch(/^\$/);
    expect(bearer(text)).toBe(expected);
  });

  it('is asked for without the path of a config file at its usual place', () => {
    const text = describeWith(login, { value: 'SECRET', source: 'config' }, { hasUsualConfig: true });
    expect(key(text)).toBe('printed by: codex-gateway token');
    expect(bearer(text)).toBe('"Authorization: Bearer $(codex-gateway token)"');
  });
});

it.each([
  [{ hasUsualConfig: true }, 'codex-gateway open'],
  [{ hasUsualConfig: true, demo: true }, 'codex-gateway open --demo'],
  [{}, "codex-gateway open --config '/home/me/my config.json'"],
])('the start message says how the console is opened, for %j', (facts, command) => {
  const text = describeWith({ type: 'not-needed' }, undefined, facts);
  expect(text.split('\n')).toContain(`Console:  ${command}`);
});
