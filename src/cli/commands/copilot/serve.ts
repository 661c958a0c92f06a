import {
  COPILOT_ADDRESS,
  findUsualConfig,
  readSettings,
  type Environment,
  type Flags,
  type Settings,
} from '../../../app/config/config.ts';
import { ownCommand } from '../../../app/config/own-command.ts';
import { checkStart } from '../../../app/access/check-start.ts';
import { VERSION } from '../../../app/config/version.ts';
import { serveCopilot, type CopilotServer } from '../../../app/copilot/serve-copilot.ts';
import { reportLostErrors } from '../../../app/lifecycle/lost-errors.ts';
import { observeInLog } from '../../../app/log/observer.ts';
import { StartupError } from '../../../base/errors.ts';
import { shellQuote } from '../../../base/format-text.ts';
import { serveUntilSignal } from '../../serve-until-signal.ts';
import type { Terminal } from '../../terminal.ts';
import { warnAboutToken } from '../../warn-about-token.ts';

/** Serves Copilot alone until a signal arrives. Needs no token where none is set. */
export async function copilotServe(
  flags: Flags,
  environment: Environment,
  terminal: Terminal,
): Promise<void> {
  const settings = await readSettings(flags, environment, COPILOT_ADDRESS);
  const warnings = await checkStart(settings, { scope: 'copilot' });
  if (!settings.copilot.enabled) {
    throw new StartupError(
      `GitHub Copilot is switched off in ${settings.configPath}; remove "enabled": false from "copilot" there.`,
    );
  }
  const observer = observeInLog(settings);
  for (const warning of warnings) observer.observe(warning);
  const stopLogging = reportLostErrors(observer);
  try {
    const server = await serveCopilot(settings, environment, observer);
    warnAboutToken(settings, terminal);
    await serveUntilSignal(server, describe(server, settings, environment), terminal);
  } finally {
    stopLogging();
  }
}

function describe(
  { origin, login, needsToken }: CopilotServer,
  settings: Settings,
  environment: Environment,
): string {
  const { usual } = ownCommand(environment);
  return [
    `codex-gateway ${VERSION} serves GitHub Copilot on ${origin}`,
    `Copilot:  ${login.isSignedIn ? 'signed in.' : (login.problem ?? `not signed in. Run: ${usual} copilot login`)}`,
    '',
    `Base URL: ${origin}/v1`,
    `API key:  ${needsToken ? describeToken(settings, usual, environment) : NO_TOKEN}`,
  ].join('\n');
}

const NO_TOKEN =
  'no token is set, so every program on this machine can use it; set one with --token-file or CODEX_GATEWAY_TOKEN.';

function describeToken({ token, configPath }: Settings, usual: string, environment: Environment): string {
  const config = configPath === findUsualConfig(environment) ? '' : ` --config ${shellQuote(configPath)}`;
  switch (token?.source) {
    case undefined:
      return 'a named token with the scope copilot, which `tokens add` makes';
    case 'config':
      return `printed by: ${usual} token${config}`;
    case 'file':
      return `in ${token.path}`;
    default:
      return 'the token you started it with';
  }
}
