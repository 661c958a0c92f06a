import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { isAbsolute, join, relative } from 'node:path';
import { parse } from 'smol-toml';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startCopilotFakes } from '../../../support/copilot/copilot-fakes.ts';
import { answerWith } from '../../../support/copilot/recording-server.ts';
import { runCommand } from '../../../support/command-line.ts';
import { runMain } from '../../../support/run-main.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

interface Profile {
  readonly model: string;
  readonly model_providers: {
    readonly copilot: {
      readonly base_url: string;
      readonly auth: { readonly command: string; readonly args: readonly string[] };
    };
  };
}

/** A user without a login anywhere. */
function createUser(): { HOME: string } {
  return { HOME: temporaryFolder() };
}

/** A user before fakes of GitHub and Copilot. */
async function createUserOfCopilot() {
  const { environment, ...fakes } = await startCopilotFakes();
  onTestFinished(fakes.close);
  return {
    ...fakes,
    environment: { ...createUser(), ...environment, COPILOT_BEARER_TOKEN: 'tid=1;x=2:mac' },
  };
}

async function printProfile(environment: Record<string, string>, flags: string[] = []): Promise<Profile> {
  const { code, printed, complained } = await runMain(['copilot', 'config', ...flags], environment);
  expect([code, complained]).toEqual([0, '']);
  return parse(printed) as unknown as Profile;
}

async function writeConfig({ HOME }: { HOME: string }, config: object): Promise<string> {
  const folder = join(HOME, '.config/codex-gateway');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'config.json'), JSON.stringify(config));
  return join(folder, 'config.json');
}

describe('codex-gateway copilot config', () => {
  it('prints the profile for the Codex of someone who is not signed in', async () => {
    expect(await printProfile(createUser())).toEqual({
      model_provider: 'copilot',
      model: 'gpt-5.5',
      web_search: 'disabled',
      model_providers: {
        copilot: {
          name: 'GitHub Copilot via codex-gateway',
          base_url: 'http://127.0.0.1:8000/copilot/v1',
          wire_api: 'responses',
          requires_openai_auth: false,
          supports_websockets: false,
          request_max_retries: 4,
          stream_max_retries: 5,
          stream_idle_timeout_ms: 300_000,
          auth: {
            command: process.execPath,
            args: [expect.stringMatching(/^\/.*\/bin\/codex-gateway\.js$/), 'token'],
            refresh_interval_ms: 240_000,
          },
        },
      },
    });
  });

  it('takes the address from the settings, and no token', async () => {
    const user = createUser();
    await writeConfig(user, { host: '::1', port: 9001, token: 'the-secret-token' });
    const profile = await printProfile(user);
    expect(profile.model_providers.copilot.base_url).toBe('http://[::1]:9001/copilot/v1');
    expect(JSON.stringify(profile)).not.toContain('the-secret-token');
  });

  it('names what is not found without it when Codex asks for the token', async () => {
    const user = createUser();
    const config = await writeConfig(user, {});
    const tokenFile = join(user.HOME, 'token.txt');
    await writeFile(tokenFile, 'the-secret-token');
    const flags = ['--config', config, '--port', '9001', '--token-file', relative('', tokenFile)];
    const { args } = (await printProfile(user, flags)).model_providers.copilot.auth;
    expect(args.slice(1)).toEqual([
      '--config',
      config,
      '--host',
      '127.0.0.1',
      '--port',
      '9001',
      '--token-file',
      tokenFile,
      'token',
    ]);
  });

  it('names a command that prints the token from anywhere', async () => {
    const user = createUser();
    await writeConfig(user, { token: 'the-secret-token' });
    const { command, args } = (await printProfile(user)).model_providers.copilot.auth;
    expect(isAbsolute(command)).toBe(true);
    expect(await runCommand(args.slice(1), { ...user, PATH: '' })).toEqual({
      code: 0,
      stdout: 'the-secret-token\n',
      stderr: '',
    });
  });

  it.each([
    ['the default of the account', [model('a'), model('b', { is_chat_default: true })], 'b'],
    ['gpt-5.5 where the account has a default that is not listed', [model('a'), model('gpt-5.5')], 'gpt-5.5'],
    ['a listed model where there is neither', [model('a', { model_picker_enabled: false }), model('b')], 'b'],
    ['gpt-5.5 where nothing is listed', [], 'gpt-5.5'],
  ])('names %s', async (_, models, expected) => {
    const { copilot, environment } = await createUserOfCopilot();
    copilot.models = models;
    expect((await printProfile(environment)).model).toBe(expected);
  });

  it('names gpt-5.5 and says why where the models cannot be read', async () => {
    const { copilot, environment } = await createUserOfCopilot();
    copilot.list = answerWith(503, {});
    const { code, printed, complained } = await runMain(['copilot', 'config'], environment);
    expect([code, parse(printed).model]).toEqual([0, 'gpt-5.5']);
    expect(complained).toMatch(/^The models of your account cannot be read.*503/);
  });

  it.each([
    [['--token', 't'], {}, /contains no token; pass --token-file/],
    [['--port', '0'], {}, /names a port.*pass one with --port\.$/],
    [[], { copilot: { enabled: false } }, /has copilot\.enabled: false\.$/],
  ])('refuses %j with the settings %j', async (flags, config, message) => {
    const user = createUser();
    await writeConfig(user, config);
    const { code, printed, complained } = await runMain(['copilot', 'config', ...flags], user);
    expect([code, printed]).toEqual([1, '']);
    expect(complained).toMatch(message);
  });
});

describe('codex-gateway copilot config --write', () => {
  const write = async (environment: Record<string, string>, ...flags: string[]) =>
    await runMain(['copilot', 'config', '--write', ...flags], environment);

  it('makes CODEX_HOME, and writes there what it prints for its owner alone', async () => {
    const user = createUser();
    const codexHome = join(user.HOME, 'deep/codex');
    const environment = { ...user, CODEX_HOME: codexHome };
    const { code, printed } = await write(environment);
    expect(code).toBe(0);
    const path = join(codexHome, 'copilot.config.toml');
    expect(printed).toBe(`Wrote ${path}\nStart Codex with it: codex --profile copilot`);
    const shown = await runMain(['copilot', 'config'], environment);
    expect(await readFile(path, 'utf8')).toBe(shown.printed);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(codexHome)).mode & 0o777).toBe(0o700);
  });

  it('uses ~/.codex without CODEX_HOME, and touches no other file', async () => {
    const user = createUser();
    const folder = join(user.HOME, '.codex');
    await mkdir(folder);
    await chmod(folder, 0o755);
    await writeFile(join(folder, 'config.toml'), 'model = "mine"\n');
    expect((await write(user)).code).toBe(0);
    expect((await readdir(folder)).toSorted()).toEqual(['config.toml', 'copilot.config.toml']);
    expect(await readFile(join(folder, 'config.toml'), 'utf8')).toBe('model = "mine"\n');
    expect((await stat(folder)).mode & 0o777).toBe(0o755);
  });

  it('is content with the same file', async () => {
    const user = createUser();
    await write(user);
    const { code, printed, complained } = await write(user);
    expect([code, complained]).toEqual([0, '']);
    expect(printed).toMatch(/^Nothing to change in \/.*copilot\.config\.toml\n/);
  });

  it('leaves a different file as it is, and says so', async () => {
    const user = createUser();
    await write(user);
    const { code, printed, complained } = await write(user, '--port', '9001');
    expect([code, printed]).toEqual([1, '']);
    expect(complained).toMatch(/copilot\.config\.toml exists already and is different; move it away/);
    const path = join(user.HOME, '.codex/copilot.config.toml');
    expect(await readFile(path, 'utf8')).toContain('http://127.0.0.1:8000/copilot/v1');
    expect(await readdir(join(user.HOME, '.codex'))).toEqual(['copilot.config.toml']);
  });

  it('leaves a link that leads nowhere as it is', async () => {
    const user = createUser();
    await mkdir(join(user.HOME, '.codex'));
    await symlink('/nonexistent/profile', join(user.HOME, '.codex/copilot.config.toml'));
    expect((await write(user)).code).toBe(1);
  });

  it('says what is wrong with a CODEX_HOME that cannot be made', async () => {
    const user = createUser();
    await writeFile(join(user.HOME, 'file'), '');
    const { code, complained } = await write({ ...user, CODEX_HOME: join(user.HOME, 'file') });
    expect(code).toBe(1);
    expect(complained).toMatch(/^codex-gateway: The folder \/.*\/file cannot be made \(EEXIST\)/);
  });
});

function model(id: string, further: object = {}): object {
  return { id, supported_endpoints: ['/responses'], ...further };
}
