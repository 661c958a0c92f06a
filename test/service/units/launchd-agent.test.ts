import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { formatLaunchdAgent } from '../../../src/service/units/launchd-agent.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const description = {
  command: [
    '/usr/local/bin/node',
    '/opt/codex-gateway/bin/codex-gateway.js',
    'serve',
    '--codex=/a <b> & "c"',
  ],
  environment: { CODEX_HOME: '/Users/a b/.codex' },
  logPath: '/Users/a b/.local/state/codex-gateway/gateway.log',
  environmentFile: '/Users/a b/.config/codex-gateway/service.env',
};

/** Reads a property list as Python does, which has a reader for them. */
function readPlist(text: string): unknown {
  const code = 'import json, plistlib, sys; print(json.dumps(plistlib.loads(sys.stdin.buffer.read())))';
  const { stdout, stderr } = spawnSync('python3', ['-c', code], { input: text, encoding: 'utf8' });
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout);
}

it('an agent is a property list that starts the gateway at login and after a failure', () => {
  expect(readPlist(formatLaunchdAgent(description))).toEqual({
    Label: 'codex-gateway',
    ProgramArguments: [
      '/bin/sh',
      '-c',
      expect.any(String),
      description.environmentFile,
      ...description.command,
    ],
    EnvironmentVariables: description.environment,
    WorkingDirectory: '/',
    RunAtLoad: true,
    KeepAlive: { SuccessfulExit: false },
    ThrottleInterval: 5,
    ExitTimeOut: 30,
    Umask: 63,
    StandardOutPath: '/dev/null',
    StandardErrorPath: description.logPath,
  });
});

it('an agent gets the variables of its file, and starts without that as well', () => {
  const environmentFile = join(temporaryFolder(), 'service.env');
  const command = ['/bin/sh', '-c', 'echo "key=$THE_KEY $1"', 'sh', 'a b'];
  const agent = readPlist(formatLaunchdAgent({ ...description, command, environmentFile })) as {
    ProgramArguments: [string, ...string[]];
  };
  const [program, ...words] = agent.ProgramArguments;
  const run = () => execFileSync(program, words, { env: {}, encoding: 'utf8' });
  expect(run()).toBe('key= a b\n');
  writeFileSync(environmentFile, '# a comment\nTHE_KEY=secret\n');
  expect(run()).toBe('key=secret a b\n');
});
