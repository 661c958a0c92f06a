import { StartupError } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import { loginFile } from '../../codex/home/private-home.ts';
import { SYSTEM_FOLDER } from '../../codex/home/system-config.ts';
import { usesKeyring } from '../../codex/home/user-config.ts';
import { prepareBinary, prepareCodex, type Codex } from '../codex/codex-setup.ts';
import { findCodexHome, type Environment, type Flags, type Settings } from '../config/config.ts';
import { findGateway } from '../gateways/find-gateway.ts';
import { findTarget } from '../gateways/find-target.ts';
import { createLog } from '../log/log-sink.ts';
import { tokenKeptNowhere } from '../gateways/kept-nowhere.ts';
import { ownCommand } from '../config/own-command.ts';
import type { RunningRecord } from '../gateways/running-gateways.ts';
import { statusSchema } from '../codex/status.ts';
import { asFinding } from './as-finding.ts';
import { checkConfig } from './check-config.ts';
import { checkAnswer } from './check-answer.ts';
import { checkDisk, checkFiles } from './check-files.ts';
import { checkLogin } from './check-login.ts';
import { checkMachine } from './check-machine.ts';
import { checkModels } from './check-models.ts';
import { checkNode } from './check-node.ts';
import { checkPort } from './check-port.ts';
import { checkProvider } from './check-provider.ts';
import { checkReach } from './check-reach.ts';
import { askOwn, askRunning, type CodexFacts, type Running } from './codex-facts.ts';
import { examineDemo } from './examine-demo.ts';
import type { Finding } from './finding.ts';

export interface ExamineOptions {
  readonly flags: Flags;
  readonly environment: Environment;
  /** As `process.versions.node` has it. */
  readonly nodeVersion: string;
  /** Where the machine's own set-up of Codex lies. */
  readonly systemFolder: string;
  readonly log: Log;
  /** Also runs one short turn, which costs a little. */
  readonly ask: boolean;
  readonly signal: AbortSignal;
}

/** `examine` as the command line asks for it. */
export function examineThisMachine(
  { ask = false, ...flags }: Flags & { readonly ask?: boolean },
  environment: Environment,
  signal: AbortSignal,
): AsyncGenerator<Finding> {
  return examine({
    flags,
    ask,
    environment,
    nodeVersion: process.versions.node,
    systemFolder: SYSTEM_FOLDER,
    log: createLog({ logLevel: 'silent', logFormat: 'json' }),
    signal,
  });
}

/** Looks at everything that the gateway needs, in the order in which it is needed. */
export async function* examine(options: ExamineOptions): AsyncGenerator<Finding> {
  const { flags, environment, systemFolder, signal } = options;
  yield await asFinding('Node', async () => checkNode(options.nodeVersion));
  let settings: Settings;
  let record: RunningRecord | undefined;
  try {
    ({ settings, running: record } = await findTarget(flags, environment));
  } catch (error) {
    if (!(error instanceof StartupError)) throw error;
    yield { subject: 'config', state: 'bad', text: `${error.message} Nothing else was looked at.` };
    return;
  }
  yield await asFinding('config', () => checkConfig(settings.configPath, ownCommand(environment)));
  const { running, finding } = await lookAtPort(settings, record, signal);
  yield finding;
  yield await asFinding('machine', () => checkMachine(systemFolder));
  const binary = await asFinding('Codex', async () => {
    const { version, path } = await prepareBinary(settings, environment);
    return `${version}, ${path}`;
  });
  yield binary;
  if (running?.demo) yield* examineDemo(running, { settings, environment, systemFolder });
  else if (binary.state === 'good') yield* examineCodex(options, settings, running);
  const login = loginFile(await findCodexHome(environment).catch(() => settings.stateDirectory));
  yield await asFinding('files', () => checkFiles(settings, login));
  yield await asFinding('disk', () => checkDisk(settings));
  if (options.ask) yield await asFinding('answer', () => checkAnswer({ flags, environment, signal }));
}

/** Findings that need a running Codex, and those that depend on them. */
async function* examineCodex(
  { environment, systemFolder, log, signal }: ExamineOptions,
  settings: Settings,
  running: Running | undefined,
): AsyncGenerator<Finding> {
  let codex: Codex | undefined;
  const provider = await asFinding('provider', async () => {
    codex = await prepareCodex({ settings, environment, systemFolder });
    return checkProvider({ codex, settings, environment, status: running?.status });
  });
  yield provider;
  if (codex === undefined) return;
  const { engine } = codex;
  const sources = { codex, settings, log, signal };
  let facts: CodexFacts | undefined;
  const started = await asFinding('Codex', async () => {
    facts = await (running ? askRunning(running) : askOwn(sources));
    return '';
  });
  if (facts === undefined) return yield started;
  const { login, models } = facts;
  yield await asFinding('login', async () =>
    checkLogin({ login, engine, usesKeyring: usesKeyring(engine.user), command: ownCommand(environment) }),
  );
  let listed: ReadonlySet<string> | undefined;
  if (provider.state !== 'bad') {
    yield await asFinding('network', async () => {
      const reach = await checkReach({ engine, environment, signal, isChatgpt: login.plan !== null });
      listed = reach.models;
      return reach.look;
    });
  }
  yield await asFinding('models', async () =>
    checkModels({ settings, provider: engine.provider.id, models, listed }),
  );
}

async function lookAtPort(
  settings: Settings,
  record: RunningRecord | undefined,
  signal: AbortSignal,
): Promise<{ running: Running | undefined; finding: Finding }> {
  let running: Running | undefined;
  const finding = await asFinding('port', async () => {
    const gateway = await findGateway(settings, signal);
    if (!gateway) return await checkPort(settings);
    const { host, port, token } = settings;
    const where = `a codex-gateway listens on ${host} port ${port}`;
    const status = await gateway.ask('/status', statusSchema);
    if (status === undefined && record && token === undefined) throw tokenKeptNowhere(record);
    if (status === undefined) throw new StartupError(describeStrange(where, token !== undefined));
    running = { gateway, status, demo: record?.demo ?? status.provider === 'demo' };
    return where;
  });
  return { running, finding };
}

function describeStrange(where: string, hasToken: boolean): string {
  return hasToken
    ? `${where}, which takes another token than the configured one; give its token with --token, or stop it and start it again.`
    : `${where}, and no token is configured for it; give its token with --token.`;
}
