import { readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { StartupError } from '../../base/errors.ts';
import { checkHost } from './address.ts';
import { LOG_FORMATS, LOG_LEVELS, readConfigFile, TRANSPORTS, type ConfigFile } from './config-file.ts';
import { readExposure, type Exposure } from './read-exposure.ts';
import { withWorkspace } from './session-settings.ts';
import { checkToken } from './token.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Values from the command line; they take precedence over the environment, the config file and the defaults. */
export interface Flags {
  readonly host?: string;
  readonly port?: string;
  readonly token?: string;
  readonly tokenFile?: string;
  readonly config?: string;
  readonly codex?: string;
  readonly logLevel?: string;
  readonly logFormat?: string;
  readonly transport?: string;
  readonly strict?: boolean;
  readonly allowRemote?: boolean;
  readonly workspace?: string;
}

/** Source of the token, so that the set-up can say how to get it. */
type TokenSource = 'flag' | 'file' | 'environment' | 'config' | 'state';

/** All settings after resolving flags, environment, config file and defaults. */
export interface Settings extends Omit<ConfigFile, 'token' | 'codex'>, Exposure {
  readonly token:
    | {
        readonly value: string;
        readonly source: TokenSource;
        /** File that contains the token. */
        readonly path?: string | undefined;
      }
    | undefined;
  readonly codex: string | undefined;
  /** The option or variable that the host is from; undefined for the config file and the default. */
  readonly hostSource?: string | undefined;
  readonly configPath: string;
  readonly stateDirectory: string;
}

/** Returns the environment of the process; nothing else in src/ reads it. */
export function processEnvironment(): Environment {
  return process.env;
}

/** Returns true for `npm start --demo`, where npm consumes the flag. */
export function asksNpmForDemo({ npm_lifecycle_event: event, npm_config_demo: demo }: Environment): boolean {
  return event === 'start' && demo === 'true';
}

/** Ways to set the address to listen on, after the flags. */
interface AddressSources {
  /** Variables of the environment, in their order. */
  readonly hosts: readonly string[];
  readonly ports: readonly string[];
  /** The port without any of them, in place of that of the config file. */
  readonly port?: number;
}

const USUAL_ADDRESS: AddressSources = { hosts: ['CODEX_GATEWAY_HOST'], ports: ['CODEX_GATEWAY_PORT'] };

/** The address of `copilot serve`: that of earlier adapters, to which many set-ups of Codex lead, and their variables. */
export const COPILOT_ADDRESS: AddressSources = {
  hosts: ['CODEX_GATEWAY_HOST', 'HOST'],
  ports: ['CODEX_GATEWAY_PORT', 'PORT'],
  port: 60_001,
};

export async function readSettings(
  flags: Flags,
  environment: Environment,
  addressSources = USUAL_ADDRESS,
): Promise<Settings> {
  const configPath = findConfigPath(flags, environment);
  const file = await readConfigFile(configPath.path, configPath.named);
  const levelVariable = variable(environment, 'CODEX_GATEWAY_LOG_LEVEL');
  const logLevel =
    parseChoice(LOG_LEVELS, flags.logLevel, '--log-level') ??
    parseChoice(LOG_LEVELS, levelVariable, 'CODEX_GATEWAY_LOG_LEVEL');
  const formatVariable = variable(environment, 'CODEX_GATEWAY_LOG_FORMAT');
  const logFormat =
    parseChoice(LOG_FORMATS, flags.logFormat, '--log-format') ??
    parseChoice(LOG_FORMATS, formatVariable, 'CODEX_GATEWAY_LOG_FORMAT');
  return {
    ...file,
    ...readAddress(flags, environment, file, addressSources),
    token: await findToken(flags, environment, file, configPath.path),
    codex: flags.codex ?? variable(environment, 'CODEX_GATEWAY_CODEX') ?? file.codex,
    logLevel: logLevel ?? file.logLevel,
    logFormat: logFormat ?? file.logFormat,
    transport: parseChoice(TRANSPORTS, flags.transport, '--transport') ?? file.transport,
    compatibility: flags.strict ? 'strict' : file.compatibility,
    ...readExposure(flags, file),
    sessions: withWorkspace(file.sessions, flags.workspace),
    configPath: configPath.path,
    stateDirectory: findStateDirectory(environment),
  };
}

/** Returns the host and port to listen on. */
export function readAddress(
  flags: Flags,
  environment: Environment,
  file: Pick<ConfigFile, 'host' | 'port'>,
  { hosts, ports, port = file.port }: AddressSources = USUAL_ADDRESS,
): { host: string; hostSource?: string; port: number } {
  const host = firstGiven(flags.host, '--host', hosts, environment);
  const givenPort = firstGiven(flags.port, '--port', ports, environment);
  return {
    ...(host
      ? { host: checkHost(host.text, host.source), hostSource: host.source }
      : { host: checkHost(file.host) }),
    port: givenPort ? parsePort(givenPort.text, givenPort.source) : port,
  };
}

/** Returns the value of a flag, or else of the first variable that is set. */
function firstGiven(
  flag: string | undefined,
  option: string,
  names: readonly string[],
  environment: Environment,
): { readonly text: string; readonly source: string } | undefined {
  if (flag !== undefined) return { text: flag, source: option };
  const source = names.find((name) => variable(environment, name) !== undefined);
  return source === undefined ? undefined : { text: environment[source]!, source };
}

/** Returns true if a flag or the environment sets the host or port, not only the config file. */
export function isAddressNamed(flags: Flags, environment: Environment): boolean {
  const { CODEX_GATEWAY_HOST: host, CODEX_GATEWAY_PORT: port } = environment;
  return [flags.host, flags.port, host || undefined, port || undefined].some((given) => given !== undefined);
}

/** Returns true if the config file is named by its path. */
export function isConfigNamed(flags: Flags, environment: Environment): boolean {
  return findConfigPath(flags, environment).named;
}

/** Returns a variable of the environment; an empty one counts as unset. */
function variable(environment: Environment, name: string): string | undefined {
  return environment[name] || undefined;
}

/** Returns the path of the config file that is named, or else of the default one. */
export function findConfigPath(flags: Flags, environment: Environment): { path: string; named: boolean } {
  const named = flags.config ?? variable(environment, 'CODEX_GATEWAY_CONFIG');
  if (named !== undefined) return { path: resolve(named), named: true };
  return { path: findUsualConfig(environment), named: false };
}

/** Returns the default path of the config file. */
export function findUsualConfig(environment: Environment): string {
  return join(findConfigFolder(environment), 'codex-gateway', 'config.json');
}

/** Returns the folder in which programs keep their configuration. */
export function findConfigFolder(environment: Environment): string {
  return folder(environment.XDG_CONFIG_HOME, '.config', environment);
}

/** Returns the path of the file with further variables of a service: the only place for its secrets. */
export function serviceEnvironmentFile(environment: Environment): string {
  return join(findConfigFolder(environment), 'codex-gateway', 'service.env');
}

/** Returns the folder for data that outlives a run. */
export function findStateDirectory(environment: Environment): string {
  return join(folder(environment.XDG_STATE_HOME, '.local/state', environment), 'codex-gateway');
}

/** Returns the path of the user's own CODEX_HOME, which may be missing. */
export function codexHomePath(environment: Environment): string {
  const named = variable(environment, 'CODEX_HOME');
  return named === undefined ? join(findHome(environment), '.codex') : resolve(named);
}

/** Returns the user's own CODEX_HOME, as Codex determines it; one that is named must exist. */
export async function findCodexHome(environment: Environment): Promise<string> {
  const path = codexHomePath(environment);
  const named = variable(environment, 'CODEX_HOME');
  if (named === undefined || (await stat(path).catch(() => undefined))?.isDirectory()) return path;
  throw new StartupError(
    `CODEX_HOME points to '${named}', which is not a folder; create it or unset CODEX_HOME.`,
  );
}

async function findToken(
  flags: Flags,
  environment: Environment,
  file: ConfigFile,
  configPath: string,
): Promise<Settings['token']> {
  if (flags.token !== undefined && flags.tokenFile !== undefined) {
    throw new StartupError('Pass either --token or --token-file, not both.');
  }
  if (flags.token !== undefined) return { value: checkToken(flags.token, '--token'), source: 'flag' };
  if (flags.tokenFile !== undefined) {
    const value = checkToken(await readTokenFile(flags.tokenFile), flags.tokenFile);
    return { value, source: 'file', path: resolve(flags.tokenFile) };
  }
  const value = environment.CODEX_GATEWAY_TOKEN;
  if (value !== undefined) return { value: checkToken(value, 'CODEX_GATEWAY_TOKEN'), source: 'environment' };
  if (file.token === undefined) return undefined;
  return { value: checkToken(file.token, 'the config file'), source: 'config', path: configPath };
}

async function readTokenFile(path: string): Promise<string> {
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (error) {
    throw new StartupError(
      `The token file ${path} cannot be read (${(error as NodeJS.ErrnoException).code}).`,
    );
  }
}

function parsePort(text: string, source: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new StartupError(`${source} is '${text}', but a port is a number from 0 to 65535.`);
}

function parseChoice<T extends string>(
  choices: readonly T[],
  text: string | undefined,
  source: string,
): T | undefined {
  const choice = choices.find((name) => name === text);
  if (choice !== undefined || text === undefined) return choice;
  throw new StartupError(`${source} is '${text}', but it has to be one of ${choices.join(', ')}.`);
}

/** Returns an XDG folder; by its specification, relative paths are ignored. */
function folder(named: string | undefined, usual: string, environment: Environment): string {
  return named?.startsWith('/') ? named : join(findHome(environment), usual);
}

/** Returns the home folder of the user. */
export function findHome(environment: Environment): string {
  return variable(environment, 'HOME') ?? homedir();
}
