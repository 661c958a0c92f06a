import { SYSTEM_FOLDER } from '../../codex/home/system-config.ts';
import type { AppParts } from '../app-parts.ts';
import type { Status } from '../codex/status.ts';
import type { ComposeOptions } from '../compose-options.ts';
import { ownCommand } from '../config/own-command.ts';
import { showModel } from '../inquiries/list-models.ts';
import { checkModels, checkProvider } from '../doctor/check-codex.ts';
import { checkCopilot } from '../doctor/check-copilot.ts';
import { checkDisk, checkFiles } from '../doctor/check-files.ts';
import { checkNetwork } from '../doctor/check-network.ts';
import { checkConfig, checkMachine } from '../doctor/check-setup.ts';
import { checkToolPlaces } from '../doctor/check-tools.ts';
import type { LoginFacts } from '../doctor/codex-facts.ts';
import { findSecrets } from '../doctor/find-secrets.ts';
import { runCheck, type Finding } from '../doctor/run-check.ts';
import { examineLogin } from '../doctor/examine-login.ts';

export interface ExamineRunningOptions {
  readonly parts: Pick<AppParts, 'codex' | 'models'>;
  readonly options: Pick<ComposeOptions, 'settings' | 'environment' | 'demo' | 'systemFolder'>;
  /** Returns the state of the moment. */
  status(signal: AbortSignal): Promise<Status & Pick<LoginFacts, 'account' | 'plan'>>;
  readonly signal: AbortSignal;
}

/**
 * Yields the findings of `doctor` about the gateway of this process, which has its settings and its Codex at hand. Its port is its
 * own, and its tools are loaded.
 */
export async function* examineRunning(all: ExamineRunningOptions): AsyncGenerator<Finding> {
  const { parts, options, signal } = all;
  const { settings, environment, demo, systemFolder = SYSTEM_FOLDER } = options;
  yield await runCheck('config', () => checkConfig(settings, ownCommand(environment)));
  yield await runCheck('machine', () => checkMachine(systemFolder));
  const { version, path } = parts.codex.engineOptions.binary;
  yield { subject: 'Codex', state: 'good', text: `${version}, ${path}` };
  if (demo) yield { subject: 'provider', state: 'good', text: 'demo; it needs no account' };
  else {
    yield* examineProvider(all);
    yield await runCheck('Copilot', () => checkCopilot({ settings, environment, signal }));
  }
  yield await runCheck('tools', () => checkToolPlaces({ settings, environment, signal }));
  const secrets = await findSecrets(settings, environment);
  yield await runCheck('files', () => checkFiles(settings, secrets));
  yield await runCheck('disk', () => checkDisk(settings));
}

/** Yields findings about the provider, the login and the models. */
async function* examineProvider({
  parts: { codex, models },
  options: { settings, environment },
  status: readStatus,
  signal,
}: ExamineRunningOptions): AsyncGenerator<Finding> {
  const { engineOptions } = codex;
  const status = await readStatus(signal);
  const provider = await runCheck('provider', () => checkProvider({ codex, settings, environment, status }));
  yield provider;
  const { login: type, account, plan } = status;
  yield await examineLogin({ login: { type, account, plan }, codex, settings, environment });
  let listed: ReadonlySet<string> | undefined;
  if (provider.state !== 'bad') {
    yield await runCheck('network', async () => {
      const isChatgpt = plan !== null;
      const network = await checkNetwork({ engineOptions, environment, signal, isChatgpt });
      listed = network.models;
      return network.result;
    });
  }
  yield await runCheck('models', async () => {
    const found = (await models.list(signal, true)).map(showModel);
    return checkModels({ settings, provider: engineOptions.provider.id, models: found, listed });
  });
}
