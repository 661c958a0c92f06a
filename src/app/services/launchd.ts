import { userInfo } from 'node:os';
import { join } from 'node:path';
import { chooseOwnVariables } from '../../service/units/own-variables.ts';
import { formatLaunchdAgent, LAUNCHD_LABEL } from '../../service/units/launchd-agent.ts';
import { backgroundLogPath } from '../background/background-files.ts';
import { launchEnvironment } from '../background/launch-flags.ts';
import { findHome, findStateDirectory, serviceEnvironmentFile } from '../config/config.ts';
import { ownCommand } from '../config/own-command.ts';
import { runTool } from '../../service/process/run-tool.ts';
import type { ServiceManager, ServiceOptions, ServiceState } from './service-manager.ts';

export function describeLaunchd(options: ServiceOptions): ServiceManager {
  const { command, environment } = options;
  const [program = '', script = '', serve = '', ...rest] = command;
  const path = join(findHome(environment), 'Library', 'LaunchAgents', `${LAUNCHD_LABEL}.plist`);
  const domain = `gui/${userInfo().uid}`;
  const environmentFile = serviceEnvironmentFile(environment);
  const stateDirectory = findStateDirectory(environment);
  const { kept, secret } = chooseOwnVariables(launchEnvironment(environment, {}), options.providerVariables);
  const log = `${ownCommand(environment).usual} logs`;
  return {
    path,
    content: formatLaunchdAgent({
      // launchd keeps no log, so that the gateway rotates its own.
      command: [program, script, serve, '--in-background', ...rest],
      environment: kept,
      logPath: backgroundLogPath(stateDirectory),
      environmentFile,
    }),
    environmentFile,
    secret,
    log,
    // launchd starts nothing whose log it cannot open.
    folders: [stateDirectory],
    settleMs: 5_000,
    notes: [`The log:  ${log} --follow`, 'The agent runs while you are logged in.'],
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
    ...(pid !== undefined && { pid: Number(pid) }),
    rows: [['State', pid === undefined ? state : `${state}, process ${pid}`]],
  };
}
