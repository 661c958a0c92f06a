import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  COPILOT_ADDRESS,
  findCodexHome,
  readSettings,
  type Flags,
  type Settings,
} from '../../../src/app/config/config.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** Settings of a user with the given config file. */
async function read(flags: Flags, environment: Record<string, string>, file?: object) {
  const folder = temporaryFolder();
  if (file) {
    mkdirSync(join(folder, '.config/codex-gateway'), { recursive: true });
    writeFileSync(join(folder, '.config/codex-gateway/config.json'), JSON.stringify(file));
  }
  return { folder, settings: await readSettings(flags, { HOME: folder, ...environment }) };
}

it('settings have the defaults that the documentation lists', async () => {
  const { folder, settings } = await read({}, {});
  expect(settings).toEqual({
    host: '127.0.0.1',
    port: 8000,
    token: undefined,
    codex: undefined,
    logLevel: 'info',
    logFormat: 'auto',
    log: { maxBytes: 10_485_760, files: 5 },
    requestLog: { count: 1000, bodies: false },
    child: { maxMemoryBytes: 2_147_483_648, maxLogBytes: 268_435_456 },
    allowedHosts: [],
    trustedProxies: [],
    models: [],
    imageHosts: [],
    compatibility: 'compat',
    maxTokens: 'ignore',
    reasoningSummary: true,
    keepAlive: { comment: 15, heartbeat: 60, firstSpace: 20, nextSpace: 30 },
    retryAfter: 5,
    continuation: true,
    sessions: {
      roots: [],
      approvalTimeout: 600,
      unsandboxed: false,
      maxConcurrentTurns: 4,
      maxQueuedTurns: 40,
      undo: { files: 20_000, bytes: 200_000_000, fileBytes: 50_000_000, days: 14 },
    },
    tools: {
      hygiene: {},
      github: { apiUrl: 'https://api.github.com' },
      rateLimit: { perSecond: 5, burst: 20 },
    },
    transport: 'http',
    nativeTools: 'auto',
    store: { days: 30, count: 10_000 },
    limits: { running: 128, waiting: 1024, perToken: 512, bodyBytes: 67_108_864 },
    deadlines: { start: 30, firstByte: 300, idle: 300, turn: 3600 },
    copilot: {
      enabled: true,
      useGhCli: false,
      identity: 'editor',
      headers: {},
      forwardHeaders: [],
      stripWebSearch: true,
      stripTurnMetadata: true,
      rateLimit: { budget: 60, maxSleep: 60 },
      models: {},
      diagnostics: { level: 'off', maxLineBytes: 65_536, contentBytes: 16_384, maxFileBytes: 10_485_760 },
    },
    configPath: join(folder, '.config/codex-gateway/config.json'),
    stateDirectory: join(folder, '.local/state/codex-gateway'),
  });
});

it('settings that only the config file offers are read from it', async () => {
  const file = { limits: { bodyBytes: 5 }, nativeTools: 'off', deadlines: { idle: 0.5 } };
  const { settings } = await read({}, {}, file);
  expect(settings).toMatchObject({
    limits: { running: 128, bodyBytes: 5 },
    nativeTools: 'off',
    deadlines: { start: 30, firstByte: 300, idle: 0.5, turn: 3600 },
  });
});

it('the older name of the limit of bodies still works, and is refused beside the new one', async () => {
  expect((await read({}, {}, { bodyLimit: 5 })).settings.limits.bodyBytes).toBe(5);
  await expect(read({}, {}, { bodyLimit: 5, limits: { bodyBytes: 5 } })).rejects.toThrow(
    "'bodyLimit' is the older name of 'limits.bodyBytes'; remove it",
  );
});

it.each([
  [false, false],
  [{ days: 0.5 }, { days: 0.5, count: 10_000 }],
  [{ count: 1 }, { days: 30, count: 1 }],
])('the store setting %j is read as %j', async (store, expected) => {
  expect((await read({}, {}, { store })).settings.store).toEqual(expected);
});

it.each([
  [true, "'store': expected object, received boolean"],
  [{ days: 0 }, "'store.days': expected a number above 0"],
  [{ count: 1.5 }, "'store.count': expected int"],
  [{ count: 'many' }, "'store.count': expected number"],
  [{ size: 1 }, "unknown key 'store.size'"],
])('settings refuse the store %j and name the wrong key', async (store, message) => {
  await expect(read({}, {}, { store })).rejects.toThrow(message);
});

it.each([
  [{}, {}, 'compat'],
  [{ strict: true }, {}, 'strict'],
  [{}, { compatibility: 'strict' }, 'strict'],
  [{ strict: false }, { compatibility: 'strict' }, 'strict'],
  [{ strict: true }, { compatibility: 'compat' }, 'strict'],
])('the flags %j and the config file %j make compatibility %s', async (flags, file, compatibility) => {
  expect((await read(flags, {}, file)).settings).toMatchObject({ compatibility });
});

function withoutPath({ value, source }: NonNullable<Settings['token']>) {
  return { value, source };
}

describe('settings given in several places', () => {
  const flags = { host: '127.0.0.2', port: '2', token: 'flag', codex: 'c2', logLevel: 'error' };
  const environment = {
    CODEX_GATEWAY_HOST: '127.0.0.3',
    CODEX_GATEWAY_PORT: '3',
    CODEX_GATEWAY_TOKEN: 'environment',
    CODEX_GATEWAY_CODEX: 'c3',
    CODEX_GATEWAY_LOG_LEVEL: 'warn',
  };
  const file = { host: '127.0.0.4', port: 4, token: 'config', codex: 'c4', logLevel: 'debug' };

  it.each([
    [flags, environment, file, ['127.0.0.2', 2, { value: 'flag', source: 'flag' }, 'c2', 'error']],
    [{}, environment, file, ['127.0.0.3', 3, { value: 'environment', source: 'environment' }, 'c3', 'warn']],
    [{}, {}, file, ['127.0.0.4', 4, { value: 'config', source: 'config' }, 'c4', 'debug']],
  ] as const)(
    'are read from flags before the environment and from there before the config file: case %#',
    async (someFlags, someEnvironment, someFile, expected) => {
      const { settings } = await read(someFlags, someEnvironment, someFile);
      const { host, port, token, codex, logLevel } = settings;
      expect([host, port, token && withoutPath(token), codex, logLevel]).toEqual(expected);
    },
  );

  it('include a token from a token file, without its white space, before environment and config file', async () => {
    const tokenFile = join(temporaryFolder(), 'token');
    writeFileSync(tokenFile, '  from-file\n');
    const { settings } = await read({ tokenFile }, environment, file);
    expect(settings.token).toEqual({ value: 'from-file', source: 'file', path: tokenFile });
  });
});

describe('paths and variables of the environment', () => {
  it('the folders follow absolute XDG variables', async () => {
    const { settings } = await read({}, { XDG_CONFIG_HOME: '/c', XDG_STATE_HOME: '/s' });
    expect(settings).toMatchObject({
      configPath: '/c/codex-gateway/config.json',
      stateDirectory: '/s/codex-gateway',
    });
  });

  it('the folders have their defaults when XDG variables are relative or empty', async () => {
    const { folder, settings } = await read({}, { XDG_CONFIG_HOME: 'c', XDG_STATE_HOME: '' });
    expect(settings.configPath).toBe(join(folder, '.config/codex-gateway/config.json'));
    expect(settings.stateDirectory).toBe(join(folder, '.local/state/codex-gateway'));
  });

  it('CODEX_HOME counts as unset when empty and must exist otherwise', async () => {
    const home = temporaryFolder();
    expect(await findCodexHome({ HOME: home })).toBe(join(home, '.codex'));
    expect(await findCodexHome({ HOME: home, CODEX_HOME: '' })).toBe(join(home, '.codex'));
    expect(await findCodexHome({ HOME: home, CODEX_HOME: home })).toBe(home);
    await expect(findCodexHome({ HOME: home, CODEX_HOME: join(home, 'x') })).rejects.toThrow(
      'create it or unset',
    );
  });

  it('empty variables count as unset, except that an empty token is refused', async () => {
    const empty = Object.fromEntries(
      ['HOST', 'PORT', 'CODEX', 'LOG_LEVEL', 'CONFIG'].map((name) => [`CODEX_GATEWAY_${name}`, '']),
    );
    expect((await read({}, empty)).settings).toMatchObject({
      host: '127.0.0.1',
      port: 8000,
      logLevel: 'info',
    });
    await expect(read({}, { CODEX_GATEWAY_TOKEN: '' })).rejects.toThrow('CODEX_GATEWAY_TOKEN is empty');
  });

  it('a config file that the environment names must exist', async () => {
    await expect(read({}, { CODEX_GATEWAY_CONFIG: '/nonexistent.json' })).rejects.toThrow(
      'cannot be read (ENOENT)',
    );
  });
});

describe('the address of `copilot serve`', () => {
  it.each<[flags: Flags, environment: Record<string, string>, host: string, port: number]>([
    [{}, {}, '127.0.0.9', 60_001],
    [{}, { HOST: 'localhost', PORT: '1' }, 'localhost', 1],
    [{}, { HOST: '', PORT: '' }, '127.0.0.9', 60_001],
    [{}, { HOST: 'localhost', PORT: '1', CODEX_GATEWAY_HOST: '::1', CODEX_GATEWAY_PORT: '2' }, '::1', 2],
    [
      { host: '127.0.0.1', port: '3' },
      { HOST: 'localhost', PORT: '1', CODEX_GATEWAY_HOST: '::1', CODEX_GATEWAY_PORT: '2' },
      '127.0.0.1',
      3,
    ],
  ])('with the flags %j and the environment %j is %s, port %i', async (flags, environment, host, port) => {
    const folder = temporaryFolder();
    const config = join(folder, 'config.json');
    writeFileSync(config, '{"host":"127.0.0.9","port":8123}');
    const settings = await readSettings(
      { ...flags, config },
      { HOME: folder, ...environment },
      COPILOT_ADDRESS,
    );
    expect(settings).toMatchObject({ host, port });
  });

  it.each<[flags: Flags, environment: Record<string, string>, problem: string]>([
    [{}, { HOST: 'my machine' }, "The host 'my machine' is neither an address nor a name"],
    [{}, { CODEX_GATEWAY_HOST: 'a:80' }, 'It was set by CODEX_GATEWAY_HOST.'],
    [{}, { PORT: 'x', CODEX_GATEWAY_PORT: 'y' }, "CODEX_GATEWAY_PORT is 'y'"],
    [{}, { PORT: '65536' }, "PORT is '65536', but a port is a number from 0 to 65535"],
  ])('is refused for %j and %j: %s', async (flags, environment, problem) => {
    const reading = readSettings(flags, { HOME: temporaryFolder(), ...environment }, COPILOT_ADDRESS);
    await expect(reading).rejects.toThrow(problem);
  });

  it('is not that of the gateway itself, for which HOST and PORT mean nothing', async () => {
    const { settings } = await read({}, { HOST: '0.0.0.0', PORT: '1' });
    expect(settings).toMatchObject({ host: '127.0.0.1', port: 8000 });
  });
});
