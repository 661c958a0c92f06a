import { userInfo } from 'node:os';
import { join } from 'node:path';
import { chooseServiceVariables } from '../../service/units/own-variables.ts';
import { formatLaunchdAgent, LAUNCHD_LABEL } from '../../service/units/launchd-agent.ts';
import { backgroundLogPath } from '../background/background-files.ts';
import { findHome, findStateDirectory } from '../config/config.ts';
import { ownCommand } from '../config/own-command.ts';
import { runTool } from './run-tool.ts';
import type { ServiceManager, ServiceOptions, ServiceState } from './service-manager.ts';

export function describeLaunchd(options: ServiceOptions): ServiceManager {
  const { command, environment } = options;
  const [program = '', script = '', serve = '', ...rest] = command;
  const path = join(findHome(environment), 'Library', 'LaunchAgents', `${LAUNCHD_LABEL}.plist`);
  const domain = `gui/${userInfo().uid}`;
  const { kept, secret } = chooseServiceVariables(environment);
  return {
    path,
    content: formatLaunchdAgent({
      // launchd keeps no log, so that the gateway rotates its own.
      command: [program, script, serve, '--in-background', ...rest],
      environment: kept,
      logPath: backgroundLogPath(findStateDirectory(environment)),
    }),
    notes: [
      ...secret.map((name) => `${name} contains a secret and is not in the file.`),
      `The log:  ${ownCommand(environment).usual} logs --follow`,
      'The agent runs while you are logged in.',
    ],
    enable: [['launchctl', 'bootstrap', domain, path]],
    disable: [['launchctl', 'bootout', `${domain}/${LAUNCHD_LABEL}`]],
    forget: [],
    inspect: async () => await inspectAgent(options, domain),
  };
}

async function inspectAgent({ environment, signal }: ServiceOptions, domain: string): Promise<ServiceState> {
  const { code, stdout } = await runTool('launchctl', ['print', `${domain}/${LAUNCHD_LABEL}`], {
    environment,
    signal,
  });
  if (code !== 0) return { isRunning: false, rows: [['State', 'not loaded']] };
  const state = /^\s*state = (.+)$/m.exec(stdout)?.[1] ?? 'unknown';
  const pid = /^\s*pid = (\d+)$/m.exec(stdout)?.[1];
  return {
    isRunning: pid !== undefined,
    rows: [['State', pid === undefined ? state : `${state}, process ${pid}`]],
  };
}
