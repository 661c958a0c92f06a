import { usesKeyring } from '../../codex/home/user-config.ts';
import type { CodexSetUp } from '../codex/codex-setup.ts';
import type { Environment, Settings } from '../config/config.ts';
import { ownCommand } from '../config/own-command.ts';
import { canUseCopilot } from '../copilot/copilot-login.ts';
import { checkLogin } from './check-codex.ts';
import type { LoginFacts } from './codex-facts.ts';
import { runCheck, type Finding } from './run-check.ts';

interface ExamineLoginOptions {
  readonly login: LoginFacts;
  readonly codex: Pick<CodexSetUp, 'engineOptions'>;
  readonly settings: Settings;
  readonly environment: Environment;
}

/** Says how Codex is signed in. */
export async function examineLogin(options: ExamineLoginOptions): Promise<Finding> {
  const { login, codex, settings, environment } = options;
  const { engineOptions } = codex;
  return await runCheck('login', () =>
    checkLogin({
      login,
      engineOptions,
      usesKeyring: usesKeyring(engineOptions.user),
      command: ownCommand(environment),
      hasCopilot: async () => await canUseCopilot({ settings, environment }),
    }),
  );
}
