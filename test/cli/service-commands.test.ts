import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runMain } from '../support/run-main.ts';
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

// The other system, launchd, is tested by the text of its file.
it.runIf(process.platform === 'linux')(
  '`service install` writes a unit with the options, starts it, and explains lingering',
  async () => {
    const user = createUser();
    const { code, printed } = await runMain(
      ['service', 'install', '--port', '8123', '--demo'],
      user.environment,
    );
    expect(code).toBe(0);
    expect(readFileSync(user.unit, 'utf8')).toMatch(/^ExecStart=.* "serve" "--port=8123" "--demo"$/m);
    expect(user.calls()).toEqual([
      '--user daemon-reload',
      '--user enable codex-gateway.service',
      '--user restart codex-gateway.service',
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
  '`service install --print` prints the unit and changes nothing',
  async () => {
    const user = createUser();
    const { code, printed } = await runMain(['service', 'install', '--print'], user.environment);
    expect(code).toBe(0);
    expect(printed).toMatch(/^\[Unit\]\n/);
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
    const output =
      'ActiveState=active\nSubState=running\nUnitFileState=enabled\nMainPID=123\nResult=success\n';
    const user = createUser({ output });
    const absent = await runMain(['service', 'status'], user.environment);
    expect(absent).toMatchObject({ code: 1 });
    expect(absent.printed).toContain('No service is installed');
    await runMain(['service', 'install'], user.environment);
    const running = await runMain(['service', 'status'], user.environment);
    expect(running.code).toBe(0);
    expect(running.printed).toContain('active (running), process 123');
    const failed = createUser({ output: output.replace('active\n', 'failed\n') });
    await runMain(['service', 'install'], failed.environment);
    expect((await runMain(['service', 'status'], failed.environment)).code).toBe(1);
  },
);
