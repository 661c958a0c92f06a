import { join } from 'node:path';
import { GatewayError, StartupError } from '../../base/errors.ts';
import type { CredentialOptions } from '../../upstream/copilot/auth/credential-options.ts';
import type { CredentialSource } from '../../upstream/copilot/auth/credential.ts';
import { sourceName } from '../../upstream/copilot/auth/sign-in-errors.ts';
import type { CopilotOptions } from '../../upstream/copilot/copilot-options.ts';
import { createCopilotParts, type CopilotParts } from '../../upstream/copilot/copilot-parts.ts';
import type { Environment, Settings } from '../config/config.ts';
import { ownCommand } from '../config/own-command.ts';
import { SILENT } from '../log/observer.ts';
import { copilotOptions } from './copilot-options.ts';

export interface CopilotContext {
  readonly settings: Settings;
  readonly environment: Environment;
  readonly signal: AbortSignal;
}

/** Runs something that asks GitHub or Copilot for a person at a terminal; errors of a request become reasons to end. */
export async function withCopilot<T>(
  { settings, environment }: Omit<CopilotContext, 'signal'>,
  run: (parts: CopilotParts, options: CopilotOptions) => Promise<T>,
): Promise<T> {
  const options = {
    ...copilotOptions(settings, environment, SILENT),
    command: ownCommand(environment).usual,
  };
  const parts = createCopilotParts(options);
  try {
    return await run(parts, options);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    throw new StartupError(withPaths(error.message, options.credentials), { cause: error });
  } finally {
    await parts.http.close();
  }
}

/** Files in which a token may be. */
const FILES = ['token file', 'hosts.json', 'apps.json'] as const;

/** Returns the path of a source; undefined for one that is not a file. */
export function pathOfSource(source: CredentialSource, options: CredentialOptions): string | undefined {
  if (!FILES.some((name) => name === source)) return undefined;
  return source === 'token file' ? options.tokenFile : join(options.githubFolder, source);
}

/** Returns a message with the path behind the name of each file: clients must not learn it, but the user may. */
export function withPaths(message: string, options: CredentialOptions): string {
  return FILES.reduce((text, source) => {
    const name = sourceName(source);
    const index = text.toLowerCase().indexOf(name.toLowerCase());
    const end = index + name.length;
    const path = pathOfSource(source, options);
    return index === -1 ? text : `${text.slice(0, end)} (${path})${text.slice(end)}`;
  }, message);
}
