import { StartupError } from '../../base/errors.ts';
import type { Observer } from '../../base/observation.ts';
import { SYSTEM_FOLDER } from '../../codex/home/system-config.ts';
import { prepareBinary, prepareCodex, type CodexSetUp } from '../codex/codex-setup.ts';
import type { Environment, Flags, Settings } from '../config/config.ts';
import { findGateway } from '../gateways/find-gateway.ts';
import { findTarget } from '../gateways/find-target.ts';
import { SILENT } from '../log/observer.ts';
import { tokenUnknown } from '../gateways/find-target.ts';
import { ownCommand } from '../config/own-command.ts';
import type { RunningRecord } from '../gateways/running-gateways.ts';
import { statusSchema } from '../codex/status.ts';
import { checkAnswer } from './check-answer.ts';
import { checkModels, checkProvider } from './check-codex.ts';
import { checkCopilot } from './check-copilot.ts';
import { checkDisk, checkFiles } from './check-files.ts';
import { checkNetwork } from './check-network.ts';
import { checkConfig, checkMachine, checkNode, checkPort } from './check-setup.ts';
import { askOwn, askRunning, type CodexFacts, type Running } from './codex-facts.ts';
import { examineDemo } from './examine-demo.ts';
import { findSecrets } from './find-secrets.ts';
import { checkTools } from './check-tools.ts';
import { runCheck, type Finding } from './run-check.ts';
import { examineLogin } from './examine-login.ts';

export interface ExamineOptions {
  readonly flags: Flags;
  readonly environment: Environment;
  /** As in `process.versions.node`. */
  readonly nodeVersion: string;
  /** Folder of the machine's own Codex configuration. */
  readonly systemFolder: string;
  readonly observer: Observer;
  /** Also runs one short turn, which uses a few tokens. */
  readonly ask: boolean;
  readonly signal: AbortSignal;
}

/** Examines this machine with the options of the command line. */
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
    observer: SILENT,
    signal,
  });
}

/** Yields a finding for everything that the gateway needs, in the order in which it needs it. */
export async function* examine(options: ExamineOptions): AsyncGenerator<Finding> {
  const { flags, environment, systemFolder, signal } = options;
  yield await runCheck('Node', () => checkNode(options.nodeVersion));
  let settings: Settings;
  let record: RunningRecord | undefined;
  try {
    ({ settings, running: record } = await findTarget(flags, environment));
  } catch (error) {
    if (!(error instanceof StartupError)) throw error;
    yield { subject: 'config', state: 'bad', text: `${error.message} Nothing else was checked.` };
    return;
  }
  yield await runCheck('config', () => checkConfig(settings, ownCommand(environment)));
  const { running, finding } = await examinePort(settings, record, signal);
  yield finding;
  yield await runCheck('machine', () => checkMachine(systemFolder));
  const binary = await runCheck('Codex', async () => {
    const { version, path } = await prepareBinary(settings, environment);
    return `${version}, ${path}`;
  });
  yield binary;
  if (running?.demo) yield* examineDemo(running, { settings, environment, systemFolder });
  else if (binary.state === 'good') yield* examineCodex(options, settings, running);
  if (!running?.demo) {
    yield await runCheck('Copilot', () => checkCopilot({ settings, environment, signal }));
  }
  yield await runCheck('tools', () => checkTools({ settings, environment, signal }));
  const secrets = await findSecrets(settings, environment);
  yield await runCheck('files', () => checkFiles(settings, secrets));
  yield await runCheck('disk', () => checkDisk(settings));
  if (options.ask) yield await runCheck('answer', () => checkAnswer({ flags, environment, signal }));
}

/** Yields findings that need a running Codex, and those that depend on them. */
async function* examineCodex(
  { environment, systemFolder, observer, signal }: ExamineOptions,
  settings: Settings,
  running: Running | undefined,
): AsyncGenerator<Finding> {
  let codex: CodexSetUp | undefined;
  const provider = await runCheck('provider', async () => {
    codex = await prepareCodex({ settings, environment, systemFolder, isFresh: true });
    return checkProvider({ codex, settings, environment, status: running?.status });
  });
  yield provider;
  if (codex === undefined) return;
  const { engineOptions } = codex;
  const sources = { codex, settings, observer, signal };
  let facts: CodexFacts | undefined;
  const started = await runCheck('Codex', async () => {
    facts = await (running ? askRunning(running) : askOwn(sources));
    return '';
  });
  if (facts === undefined) return yield started;
  const { login, models } = facts;
  yield await examineLogin({ login, codex, settings, environment });
  let listed: ReadonlySet<string> | undefined;
  if (provider.state !== 'bad') {
    yield await runCheck('network', async () => {
      const network = await checkNetwork({
        engineOptions,
        environment,
        signal,
        isChatgpt: login.plan !== null,
      });
      listed = network.models;
      return network.result;
    });
  }
  yield await runCheck('models', () =>
    checkModels({ settings, provider: engineOptions.provider.id, models, listed }),
  );
}

async function examinePort(
  settings: Settings,
  record: RunningRecord | undefined,
  signal: AbortSignal,
): Promise<{ running: Running | undefined; finding: Finding }> {
  let running: Running | undefined;
  const finding = await runCheck('port', async () => {
    const gateway = await findGateway({ settings, running: record }, signal);
    if (!gateway) return await checkPort(settings);
    const { host, port, token } = settings;
    const where = `a codex-gateway listens on ${host} port ${port}`;
    const status = await gateway.ask('/status', statusSchema);
    if (status === undefined && token === undefined) throw tokenUnknown(gateway.record);
    if (status === undefined) {
      throw new StartupError(
        `${where}, which takes another token than the configured one; pass its token with --token, or restart it.`,
      );
    }
    running = { gateway, status, demo: gateway.record.demo };
    return where;
  });
  return { running, finding };
}
