import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { formatSystemdUnit } from '../../../src/service/units/systemd-unit.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const description = {
  command: [process.execPath, '/opt/codex gateway/bin/codex-gateway.js', 'serve', '--port=8123'],
  environment: { CODEX_HOME: '/home/a b/.codex' },
  environmentFile: '/home/a b/.config/codex-gateway/service.env',
};

const linesOf = (text: string) => text.split('\n');

it('a unit starts the gateway with its options, again after a failure, and gives running requests time', () => {
  const lines = linesOf(formatSystemdUnit(description));
  expect(lines).toContain(
    `ExecStart="${process.execPath}" "/opt/codex gateway/bin/codex-gateway.js" "serve" "--port=8123"`,
  );
  expect(lines).toContain('Environment="CODEX_HOME=/home/a b/.codex"');
  expect(lines).toContain('EnvironmentFile=-/home/a b/.config/codex-gateway/service.env');
  expect(lines).toEqual(
    expect.arrayContaining(['Restart=on-failure', 'RestartSec=5', 'StartLimitIntervalSec=0']),
  );
  expect(lines).toEqual(
    expect.arrayContaining(['KillMode=mixed', 'TimeoutStopSec=30', 'OOMPolicy=continue']),
  );
  expect(lines).toContain('WantedBy=default.target');
});

it('a unit takes rights away that the gateway does not need, and none that needs a namespace', () => {
  const text = formatSystemdUnit(description);
  const expected = [
    'NoNewPrivileges=yes',
    'UMask=0077',
    'RestrictSUIDSGID=yes',
    // An agent's commands run in a sandbox of mounts.
    'SystemCallFilter=@system-service @mount',
  ];
  expect(linesOf(text)).toEqual(expect.arrayContaining(expected));
  // JavaScript is compiled to memory that is executed, and the services of a user often get no namespaces.
  expect(text).not.toMatch(/MemoryDenyWriteExecute|ProtectSystem|ProtectHome|Private[A-Z]/);
});

it.each([
  ['a percent sign', 'a%b', '"--x=a%%b"'],
  ['a dollar sign', 'a$HOME', '"--x=a$$HOME"'],
  ['a quotation mark', 'a"b', String.raw`"--x=a\"b"`],
  ['a backslash', String.raw`a\b`, String.raw`"--x=a\\b"`],
  ['a line break', 'a\nExecStartPost=/bin/x', String.raw`"--x=a\nExecStartPost=/bin/x"`],
])('%s in an option reaches the gateway as it is', (_what, value, quoted) => {
  const text = formatSystemdUnit({ ...description, command: ['/usr/bin/node', `--x=${value}`] });
  expect(linesOf(text)).toContain(`ExecStart="/usr/bin/node" ${quoted}`);
});

it('a dollar sign in a variable is not doubled, since nothing is expanded there', () => {
  const text = formatSystemdUnit({ ...description, environment: { CODEX_HOME: '/a$b%c' } });
  expect(linesOf(text)).toContain('Environment="CODEX_HOME=/a$b%%c"');
});

const hasAnalyzer = spawnSync('systemd-analyze', ['--version']).status === 0;

// Needs a program that only machines with systemd have.
it.runIf(hasAnalyzer)('systemd finds nothing wrong with a unit', () => {
  const folder = temporaryFolder();
  const path = join(folder, 'codex-gateway.service');
  writeFileSync(path, formatSystemdUnit({ ...description, command: [process.execPath, '-e', '0'] }));
  const environment = { ...process.env, XDG_RUNTIME_DIR: folder };
  const output = execFileSync('/bin/sh', ['-c', 'systemd-analyze --user verify "$0" 2>&1', path], {
    env: environment,
    encoding: 'utf8',
  });
  // The machine may have other units with faults.
  expect(linesOf(output).filter((line) => line.includes('codex-gateway.service'))).toEqual([]);
});
