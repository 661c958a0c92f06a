import { RESTART_SECONDS, STOP_SECONDS, type ServiceDescription } from './service-description.ts';

export const SYSTEMD_UNIT = 'codex-gateway.service';

export interface SystemdDescription extends ServiceDescription {
  /** File with further variables, which may be missing. */
  readonly environmentFile: string;
}

/**
 * Limits that need no namespace: many machines give none to the services of a user, and would not start them. JavaScript
 * needs memory that is written and executed, and the sandbox of an agent's commands mounts files in a namespace of its own.
 */
const HARDENING = [
  'NoNewPrivileges=yes',
  'UMask=0077',
  'LockPersonality=yes',
  'RestrictRealtime=yes',
  'RestrictSUIDSGID=yes',
  'RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK',
  'SystemCallArchitectures=native',
  'SystemCallFilter=@system-service @mount',
  'SystemCallErrorNumber=EPERM',
];

/** Returns the text of a unit for the service manager of a user. */
export function formatSystemdUnit({ command, environment, environmentFile }: SystemdDescription): string {
  const [program = '', ...args] = command;
  const variables = Object.entries(environment).map(
    ([name, value]) => `Environment=${quoteWord(`${name}=${value}`)}`,
  );
  return [
    '[Unit]',
    'Description=codex-gateway, an OpenAI-compatible server in front of Codex',
    'StartLimitIntervalSec=0',
    '',
    '[Service]',
    'Type=exec',
    // A dollar sign in the path of the program itself is not expanded.
    `ExecStart=${[quoteWord(program), ...args.map((word) => quoteWord(word).replaceAll('$', '$$$$'))].join(' ')}`,
    ...variables,
    `EnvironmentFile=-${escapePercent(environmentFile)}`,
    'Restart=on-failure',
    `RestartSec=${RESTART_SECONDS}`,
    // The gateway ends its own processes, so that running requests can finish first.
    'KillMode=mixed',
    `TimeoutStopSec=${STOP_SECONDS}`,
    // The gateway starts an app-server again that ran out of memory.
    'OOMPolicy=continue',
    ...HARDENING,
    '',
    '[Install]',
    'WantedBy=default.target',
    '',
  ].join('\n');
}

/** Quotes a word as systemd reads it, with `%` as itself. */
function quoteWord(word: string): string {
  const escaped = word.replaceAll(/[\\"]/g, String.raw`\$&`).replaceAll('\n', String.raw`\n`);
  return `"${escapePercent(escaped)}"`;
}

function escapePercent(text: string): string {
  return text.replaceAll('%', '%%');
}
