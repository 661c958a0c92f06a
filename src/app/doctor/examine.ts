import { StartupError } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import { SYSTEM_FOLDER } from '../../codex/system-config.ts';
import { usesKeyring } from '../../codex/user-config.ts';
import { prepareBinary, prepareCodex, type Codex } from '../codex-setup.ts';
import type { Environment, Flags, Settings } from '../config.ts';
import { findGateway } from '../find-gateway.ts';
import { findTarget } from '../find-target.ts';
import { createLog } from '../log-sink.ts';
import { statusSchema, type Status } from '../status.ts';
import { startCodex } from '../start-codex.ts';
import { asFinding } from './as-finding.ts';
import { checkConfig } from './check-config.ts';
import { checkLogin } from './check-login.ts';
import { checkMachine } from './check-machine.ts';
import { checkNode } from './check-node.ts';
import { checkPort } from './check-port.ts';
import { checkProvider } from './check-provider.ts';
import type { Finding } from './finding.ts';

export interface ExamineOptions {
  readonly flags: Flags;
  readonly environment: Environment;
  /** As `process.versions.node` has it. */
  readonly nodeVersion: string;
  /** Where the machine's own set-up of Codex lies. */
  readonly systemFolder: string;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** `examine` as the command line asks for it. */
export function examineThisMachine(
  flags: Flags,
  environment: Environment,
  signal: AbortSignal,
): AsyncGenerator<Finding> {
  return examine({
    flags,
    environment,
    nodeVersion: process.versions.node,
    systemFolder: SYSTEM_FOLDER,
    log: createLog({ logLevel: 'silent', logFormat: 'json' }),
    signal,
  });
}

/** Looks at everything that the gateway needs, in the order in which it is needed. */
export async function* examine(options: ExamineOptions): AsyncGenerator<Finding> {
  const { flags, environment, systemFolder } = options;
  yield await asFinding('Node', async () => checkNode(options.nodeVersion));
  let settings: Settings;
  try {
    ({ settings } = await findTarget(flags, environment));
  } catch (error) {
    if (!(error instanceof StartupError)) throw error;
    yield { subject: 'config', state: 'bad', text: `${error.message} Nothing else was looked at.` };
    return;
  }
  yield await asFinding('config', () => checkConfig(settings.configPath));
  const { status, finding } = await lookAtPort(settings, options.signal);
  yield finding;
  yield await asFinding('machine', () => checkMachine(systemFolder));
  const binary = await asFinding('Codex', async () => {
    const { version, path } = await prepareBinary(settings, environment);
    return `${version}, ${path}`;
  });
  yield binary;
  if (binary.state === 'good') yield* examineCodex(options, settings, status);
}

/** What only a Codex can tell. */
async function* examineCodex(
  { environment, systemFolder, log, signal }: ExamineOptions,
  settings: Settings,
  status: Status | undefined,
): AsyncGenerator<Finding> {
  let codex: Codex | undefined;
  yield await asFinding('provider', async () => {
    codex = await prepareCodex({ settings, environment, systemFolder });
    return checkProvider({ codex, settings, environment, status });
  });
  if (codex === undefined) return;
  const keyring = usesKeyring(codex.engine.user);
  const tell = (login: Status['login']) => asFinding('login', async () => checkLogin(login, keyring));
  if (status) yield await tell(status.login);
  else yield await askOwn({ codex, settings, log, signal }, tell);
}

/** The port, and what the gateway that may listen there already tells of itself; that one is no failure. */
async function lookAtPort(
  settings: Settings,
  signal: AbortSignal,
): Promise<{ status: Status | undefined; finding: Finding }> {
  let status: Status | undefined;
  const finding = await asFinding('port', async () => {
    const running = await findGateway(settings, signal);
    if (!running) return await checkPort(settings);
    status = await running.ask('/status', statusSchema);
    const { host, port, token } = settings;
    const strange = token
      ? ', which takes another token than the configured one'
      : '; no token is configured for it';
    return `a codex-gateway listens on ${host} port ${port}${status ? '' : strange}`;
  });
  return { status, finding };
}

/** Starts a Codex for the question alone. */
async function askOwn(
  start: Parameters<typeof startCodex>[0],
  tell: (login: Status['login']) => Promise<Finding>,
): Promise<Finding> {
  let login: Finding | undefined;
  const started = await asFinding('Codex', async () => {
    const { engine } = await startCodex(start);
    try {
      login = await tell((await engine.login(start.signal)).type);
    } finally {
      await engine.close();
    }
    return '';
  });
  return login ?? started;
}
