import { stat } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { chooseOwnVariables } from '../../service/units/own-variables.ts';
import { formatSystemdUnit, SYSTEMD_UNIT } from '../../service/units/systemd-unit.ts';
import { launchEnvironment } from '../background/launch-flags.ts';
import { findConfigFolder, serviceEnvironmentFile } from '../config/config.ts';
import { runTool } from '../../service/process/run-tool.ts';
import type { ServiceManager, ServiceOptions, ServiceState } from './service-manager.ts';

/** Folder in which systemd notes whose services run without a login. */
const LINGER_FOLDER = '/var/lib/systemd/linger';

const LOG = `journalctl --user --unit ${SYSTEMD_UNIT}`;

export function describeSystemd(options: ServiceOptions): ServiceManager {
  const { command, environment } = options;
  const folder = findConfigFolder(environment);
  const environmentFile = serviceEnvironmentFile(environment);
  const { kept, secret } = chooseOwnVariables(launchEnvironment(environment, {}), options.providerVariables);
  return {
    path: join(folder, 'systemd', 'user', SYSTEMD_UNIT),
    content: formatSystemdUnit({ command, environment: kept, environmentFile }),
    environmentFile,
    secret,
    log: LOG,
    folders: [],
    settleMs: 0,
    notes: [
      `The log:  ${LOG} --follow`,
      'The service runs while you are logged in. To start it with the machine and keep it after a logout, run: loginctl enable-linger',
    ],
    enable: [
      ['systemctl', '--user', 'daemon-reload'],
      ['systemctl', '--user', 'enable', SYSTEMD_UNIT],
      // Starts it, and a running one again with what has changed.
      ['systemctl', '--user', 'restart', SYSTEMD_UNIT],
    ],
    disable: [['systemctl', '--user', 'disable', '--now', SYSTEMD_UNIT]],
    forget: [['systemctl', '--user', 'daemon-reload']],
    inspect: async () => await inspectUnit(options),
  };
}

async function inspectUnit({ environment, signal }: ServiceOptions): Promise<ServiceState> {
  const properties = 'ActiveState,SubState,UnitFileState,MainPID,Result';
  const { code, stdout, problem } = await runTool(
    'systemctl',
    ['--user', 'show', SYSTEMD_UNIT, `--property=${properties}`],
    { environment, signal },
  );
  if (code !== 0) return { isRunning: false, rows: [['State', `unknown: ${problem}`]] };
  const values = new Map(stdout.split('\n').map((line) => line.split('=', 2) as [string, string]));
  const isRunning = values.get('ActiveState') === 'active';
  const pid = isRunning ? Number(values.get('MainPID')) : undefined;
  const which = pid === undefined ? '' : `, process ${pid}`;
  const lingers = await keepsRunning();
  return {
    isRunning,
    ...(pid !== undefined && { pid }),
    rows: [
      ['State', `${values.get('ActiveState')} (${values.get('SubState')})${which}`],
      ['At login', values.get('UnitFileState') === 'enabled' ? 'starts' : 'does not start'],
      ['Without login', lingers ? 'runs' : 'does not run; `loginctl enable-linger` changes that'],
      ['Log', LOG],
    ],
  };
}

async function keepsRunning(): Promise<boolean> {
  const path = join(LINGER_FOLDER, userInfo().username);
  return (await stat(path).catch(() => undefined)) !== undefined;
}
