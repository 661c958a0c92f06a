import { StartupError } from '../../base/errors.ts';
import type { Environment, Settings } from '../config/config.ts';
import { ownCommand } from '../config/own-command.ts';
import { isSignedInToCopilot } from '../copilot/copilot-login.ts';
import { copilotOptions } from '../copilot/copilot-options.ts';
import { readCopilotStatus } from '../copilot/copilot-status.ts';
import type { CopilotContext } from '../copilot/with-copilot.ts';
import { SILENT } from '../log/observer.ts';
import type { CheckResult } from './run-check.ts';

/** Checks the login of GitHub Copilot. Nobody has to be signed in; without a login, GitHub is not asked. */
export async function checkCopilot(context: CopilotContext): Promise<CheckResult> {
  const { settings, environment } = context;
  if (!settings.copilot.enabled) return 'turned off in the config file';
  if (!(await isSignedInToCopilot(context))) {
    return `nobody is signed in; \`${ownCommand(environment).usual} copilot login\` adds the models of a subscription`;
  }
  const { source, user, account, responsesUrl, problem, note } = await readCopilotStatus(context);
  if (problem !== undefined) throw new StartupError(problem);
  const who = [user, account?.plan].filter((fact) => fact !== undefined).join(', ');
  const text = `signed in by ${source}${who === '' ? '' : ` (${who})`}; requests are sent to ${responsesUrl}`;
  return note === undefined ? text : { note: `${text}; ${note}` };
}

/** Returns the paths of private files of Copilot. */
export function copilotFiles(settings: Settings, environment: Environment): string[] {
  try {
    const { credentials, diagnostics } = copilotOptions(settings, environment, SILENT);
    return [credentials.tokenFile, diagnostics.file];
  } catch {
    // The check of Copilot reports a wrong variable.
    return [];
  }
}
