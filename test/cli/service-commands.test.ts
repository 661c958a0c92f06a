import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { readSettings } from '../../src/app/config/config.ts';
import { announceGateway } from '../../src/app/gateways/running-gateways.ts';
import { runMain } from '../support/run-main.ts';
import { startHttpServer } from '../support/start-http-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** A user with a `systemctl` that notes its arguments, prints `output` and ends with `code`. */
function createUser({ code = 0, output = '' } = {}) {
  const folder = temporaryFolder();
  const tools = join(folder, 'bin');
  const calls = join(folder, 'calls');
  mkdirSync(tools);
  writeFileSync(join(folder, 'output'), output);
  const script = `#!/bin/sh\necho "$*" >> '${calls}'\n/bin/cat '${folder}/output'\n[ ${code} = 0 ] || echo 'no bus' >&2\nexit ${code}\n`;
  writeFileSync(join(tools, 'systemctl'), script);
  chmodSync(join(tools, 'systemctl'), 0o755);
  const environment = { HOME: folder, PATH: tools };
  return {
    environment,
    unit: join(folder, '.config/systemd/user/codex-gateway.service'),
    calls: () => (existsSync(calls) ? readFileSync(calls, 'utf8').trim().split('\n') : []),
  };
}

/** Output of systemd for a service whose gateway is this process. */
const RUNNING = `ActiveState=active\nSubState=running\nUnitFileState=enabled\nMainPID=${process.pid}\nResult=success\n`;

/** Makes this process a gateway that answers its probe as given, and returns its origin. */
async function announce(home: string, readiness: object): Promise<string> {
  const { origin } = await startHttpServer((_request, response) => response.end(JSON.stringify(readiness)));
  const environment = { HOME: home };
  const port = Number(new URL(origin).port);
  const settings = await readSettings({}, environment);
  const announcement = { settings, port, token: 'codex-gateway-local-x', command: 'x', demo: true };
  const withdraw = await announceGateway(announcement);
  onTestFinished(withdraw);
  return origin;
}

it.runIf(process.platform === 'linux')(
  '`service install` fails if the gateway does not run or cannot answer, and says where to look',
  async () => {
    const dead = createUser({ output: 'ActiveState=activating\nSubState=auto-restart\nMainPID=0\n' });
    const ended = await runMain(['service', 'install', '--demo'], dead.environment);
    expect(ended.code).toBe(1);
    expect(ended.printed).toContain('The service is installed');
    expect(ended.printed).not.toContain('started');
    expect(ended.complained).toMatch(/ended before it was ready; `journalctl .*` says why/);
    const user = createUser({ output: RUNNING });
    const origin = await announce(user.environment.HOME, { ready: false, why: ['login'] });
    const signedOut = await runMain(['service', 'install', '--demo'], user.environment);
    expect(signedOut.code).toBe(1);
    expect(signedOut.printed).toContain(`listens on ${origin}`);
    expect(signedOut.complained).toContain('not ready: Codex is not signed in');
  },
);

it.runIf(process.platform === 'linux')(
  '`service install` names the variables with secrets that the unit does not have, and keeps the others',
  async () => {
    const user = createUser();
    mkdirSync(join(user.environment.HOME, '.codex'));
    const provider =
      'model_provider = "x"\n[model_providers.x]\nbase_url = "http://x.example"\nenv_key = "KEY_OF_X"\n';
    writeFileSync(join(user.environment.HOME, '.codex/config.toml'), provider);
    const { printed, complained } = await runMain(['service', 'install', '--print'], {
      ...user.environment,
      KEY_OF_X: 'the-secret-of-x',
      OTEL_EXPORTER_OTLP_HEADERS: 'a=the-secret-of-otel',
      COPILOT_TOKEN_FILE: 'tokens.json',
    });
    expect(printed).toContain(`"COPILOT_TOKEN_FILE=${resolve('tokens.json')}"`);
    expect(printed + complained).not.toContain('the-secret-of');
    const file = join(user.environment.HOME, '.config/codex-gateway/service.env');
    for (const name of ['KEY_OF_X', 'OTEL_EXPORTER_OTLP_HEADERS'])
      expect(complained).toContain(
        `${name} contains a secret and is not in the file of the service; write it into ${file}`,
      );
  },
);

// The other system, launchd, is tested by the text of its file.
it.runIf(process.platform === 'linux')(
  '`service install` writes a unit with the options, starts it, and explains lingering',
  async () => {
    const user = createUser({ output: RUNNING });
    const origin = await announce(user.environment.HOME, { ready: true });
    const { code, printed } = await runMain(
      ['service', 'install', '--port', '8123', '--demo'],
      user.environment,
    );
    expect(code).toBe(0);
    expect(printed).toContain(`listens on ${origin} (process ${process.pid})`);
    expect(readFileSync(user.unit, 'utf8')).toMatch(/^ExecStart=.* "serve" "--port=8123" "--demo"$/m);
    expect(user.calls()).toEqual([
      '--user daemon-reload',
      '--user enable codex-gateway.service',
      '--user restart codex-gateway.service',
      expect.stringMatching(/^--user show codex-gateway.service/),
    ]);
    expect(printed).toContain(user.unit);
    expect(printed).toContain('loginctl enable-linger');
  },
);

it.runIf(process.platform === 'linux')(
  '`service install` says what to run where systemd cannot be reached',
  async () => {
    const user = createUser({ code: 1 });
    const { code, complained } = await runMain(['service', 'install'], user.environment);
    expect(code).toBe(1);
    expect(existsSync(user.unit)).toBe(true);
    expect(complained).toContain('no bus');
    expect(complained).toContain(
      'systemctl --user daemon-reload && systemctl --user enable codex-gateway.service',
    );
  },
);

it.runIf(process.platform === 'linux')(
  '`service install --print` prints the unit, warns of what the gateway would, and changes nothing',
  async () => {
    const user = createUser();
    const config = join(temporaryFolder(), 'config.json');
    writeFileSync(config, '{"token": "test-token-of-this-suite"}', { mode: 0o644 });
    const words = ['service', 'install', '--print', '--config', config];
    const { code, printed, complained } = await runMain(words, user.environment);
    expect(code).toBe(0);
    expect(printed).toMatch(/^\[Unit\]\n/);
    expect(complained).toMatch(/^Warning: .*config file/);
    expect(existsSync(user.unit)).toBe(false);
    expect(user.calls()).toEqual([]);
  },
);

it('`service install` refuses a token that everybody could read', async () => {
  const user = createUser();
  const words = ['service', 'install', '--token', 'codex-gateway-local-0123456789'];
  const { code, complained } = await runMain(words, user.environment);
  expect(code).toBe(1);
  expect(complained).toContain('--token-file');
  expect(existsSync(user.unit)).toBe(false);
});

it.runIf(process.platform === 'linux')(
  '`service uninstall` stops the service and removes the unit, and does nothing without one',
  async () => {
    const user = createUser();
    const nothing = await runMain(['service', 'uninstall'], user.environment);
    expect(nothing).toMatchObject({
      code: 0,
      printed: 'No service is installed; there is nothing to remove.',
    });
    await runMain(['service', 'install'], user.environment);
    const { code } = await runMain(['service', 'uninstall'], user.environment);
    expect(code).toBe(0);
    expect(existsSync(user.unit)).toBe(false);
    expect(user.calls().slice(-2)).toEqual([
      '--user disable --now codex-gateway.service',
      '--user daemon-reload',
    ]);
  },
);

it.runIf(process.platform === 'linux')(
  '`service status` shows the state, and its exit code says whether the service runs',
  async () => {
    const user = createUser({ output: RUNNING });
    await announce(user.environment.HOME, { ready: true });
    const absent = await runMain(['service', 'status'], user.environment);
    expect(absent).toMatchObject({ code: 1 });
    expect(absent.printed).toContain('No service is installed');
    await runMain(['service', 'install'], user.environment);
    const running = await runMain(['service', 'status'], user.environment);
    expect(running.code).toBe(0);
    expect(running.printed).toContain(`active (running), process ${process.pid}`);
    const failed = createUser({ output: RUNNING.replace('active\n', 'failed\n') });
    await runMain(['service', 'install'], failed.environment);
    expect((await runMain(['service', 'status'], failed.environment)).code).toBe(1);
  },
);
