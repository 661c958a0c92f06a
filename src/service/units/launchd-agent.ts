import { RESTART_SECONDS, STOP_SECONDS, type ServiceDescription } from './service-description.ts';

export const LAUNCHD_LABEL = 'codex-gateway';

export interface LaunchdDescription extends ServiceDescription {
  /** File to which its standard error is appended. */
  readonly logPath: string;
  /** File with further variables, which may be missing. */
  readonly environmentFile: string;
}

/** Sets the variables of a file, as systemd does by itself, and becomes the program that follows. */
const WITH_VARIABLES = 'if [ -f "$0" ]; then set -a; . "$0"; set +a; fi; exec "$@"';

/** Returns the text of a launchd agent, which runs while its user is logged in. */
export function formatLaunchdAgent({
  command,
  environment,
  logPath,
  environmentFile,
}: LaunchdDescription): string {
  const entries: readonly (readonly [key: string, value: PlistValue])[] = [
    ['Label', LAUNCHD_LABEL],
    ['ProgramArguments', ['/bin/sh', '-c', WITH_VARIABLES, environmentFile, ...command]],
    ['EnvironmentVariables', environment],
    ['WorkingDirectory', '/'],
    ['RunAtLoad', true],
    ['KeepAlive', { SuccessfulExit: false }],
    ['ThrottleInterval', RESTART_SECONDS],
    ['ExitTimeOut', STOP_SECONDS],
    // 0077, as a decimal number.
    ['Umask', 0o077],
    ['StandardOutPath', '/dev/null'],
    ['StandardErrorPath', logPath],
  ];
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">',
    '<plist version="1.0">',
    formatValue(Object.fromEntries(entries), ''),
    '</plist>',
    '',
  ].join('\n');
}

type PlistValue = string | number | boolean | readonly string[] | Readonly<Record<string, string | boolean>>;

function formatValue(value: PlistValue | Readonly<Record<string, PlistValue>>, indent: string): string {
  const inner = `${indent}  `;
  if (typeof value === 'string') return `${indent}<string>${escapeXml(value)}</string>`;
  if (typeof value === 'number') return `${indent}<integer>${value}</integer>`;
  if (typeof value === 'boolean') return `${indent}<${value}/>`;
  if (Array.isArray(value)) {
    const items = (value as readonly string[]).map((item) => formatValue(item, inner));
    return [`${indent}<array>`, ...items, `${indent}</array>`].join('\n');
  }
  const items = Object.entries(value).flatMap(([key, item]) => [
    `${inner}<key>${escapeXml(key)}</key>`,
    formatValue(item, inner),
  ]);
  return [`${indent}<dict>`, ...items, `${indent}</dict>`].join('\n');
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
