import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { formatLaunchdAgent } from '../../../src/service/units/launchd-agent.ts';

const description = {
  command: [
    '/usr/local/bin/node',
    '/opt/codex-gateway/bin/codex-gateway.js',
    'serve',
    '--codex=/a <b> & "c"',
  ],
  environment: { CODEX_HOME: '/Users/a b/.codex' },
  logPath: '/Users/a b/.local/state/codex-gateway/gateway.log',
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
    ProgramArguments: description.command,
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
