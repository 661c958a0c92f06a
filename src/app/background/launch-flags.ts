import { resolve } from 'node:path';
import type { Environment, Flags } from '../config/config.ts';

/** Options of the command line, by the names that its parser gives them. */
export type LaunchFlags = Readonly<Record<string, string | boolean>>;

type GivenFlags = Flags & { readonly demo?: boolean };

/** Options that are paths. */
const PATHS = ['tokenFile', 'config', 'workspace'];

/**
 * Options that another start gets by itself, or that are not for a command line: everybody can see a token in the
 * process list.
 */
const LEFT_OUT = ['token', 'inBackground'];

/** Variables that are paths. */
const PATH_VARIABLES = [
  'CODEX_GATEWAY_CONFIG',
  'CODEX_HOME',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'CODEX_CA_CERTIFICATE',
  'NODE_EXTRA_CA_CERTS',
  'COPILOT_TOKEN_FILE',
  'CODEX_CODE_ROUTER_RAW_LOG_FILE',
];

/** Returns the options for a gateway that is started in another folder. */
export function launchFlags(flags: GivenFlags): LaunchFlags {
  const entries = Object.entries(flags).filter(
    (entry): entry is [string, string | boolean] => entry[1] !== undefined && !LEFT_OUT.includes(entry[0]),
  );
  return Object.fromEntries(entries.map(([name, value]) => [name, resolveOption(name, value)]));
}

function resolveOption(name: string, value: string | boolean): string | boolean {
  if (typeof value !== 'string') return value;
  return PATHS.includes(name) || (name === 'codex' && value.includes('/')) ? resolve(value) : value;
}

/** Returns the words of options on a command line. */
export function formatFlags(flags: LaunchFlags): string[] {
  return Object.entries(flags).flatMap(([name, value]) => {
    const option = `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    if (typeof value === 'string') return [`${option}=${value}`];
    return value ? [option] : [];
  });
}

/** Returns the environment for a gateway that is started in another folder, with the token of the command line. */
export function launchEnvironment(environment: Environment, { token }: Flags): Environment {
  const paths = PATH_VARIABLES.flatMap((name) => {
    const value = environment[name];
    // A tilde stands for the home folder.
    return value && !value.startsWith('~/') ? [[name, resolve(value)] as const] : [];
  });
  const codex = environment.CODEX_GATEWAY_CODEX;
  return {
    ...environment,
    ...Object.fromEntries(paths),
    ...(codex?.includes('/') && { CODEX_GATEWAY_CODEX: resolve(codex) }),
    ...(token !== undefined && { CODEX_GATEWAY_TOKEN: token }),
  };
}
