import { GatewayError } from '../../../base/errors.ts';
import type { CredentialSource } from './credential.ts';

/** Sources as errors name them: without paths, since clients read them. */
const NAMES: Readonly<Record<CredentialSource, string>> = {
  'copilot.token': 'the setting copilot.token',
  GH_COPILOT_TOKEN: 'GH_COPILOT_TOKEN',
  COPILOT_BEARER_TOKEN: 'COPILOT_BEARER_TOKEN',
  'token file': "Copilot's token file",
  'hosts.json': "the file hosts.json of GitHub's editor plugins",
  'apps.json': "the file apps.json of GitHub's editor plugins",
  gh: '`gh auth token`',
  incoming: 'the Authorization header',
};

/** Sources that stay in the place of a login, because they are looked at first. */
const FIRST: ReadonlySet<CredentialSource> = new Set([
  'copilot.token',
  'GH_COPILOT_TOKEN',
  'COPILOT_BEARER_TOKEN',
]);

export function sourceName(source: CredentialSource): string {
  return NAMES[source];
}

/** Returns the error for a token that cannot be used, or for none. */
export function signedOut(problem: string, advice: string): GatewayError {
  return new GatewayError('copilot_signed_out', `${problem} ${advice}`);
}

/** Returns the step by which a user replaces a token that does not work. */
export function adviceFor(source: CredentialSource, command: string): string {
  const login = `run \`${command} copilot login\``;
  if (source === 'incoming') return `Send another token, or ${login}.`;
  return FIRST.has(source)
    ? `Replace the token in ${NAMES[source]}, or remove it and ${login}.`
    : `${login.replace('run', 'Run')}.`;
}

/** Returns the error for a file that is there but cannot be used. It shows neither the path nor the content. */
export function unreadableFile(source: CredentialSource, problem: string): GatewayError {
  return new GatewayError(
    'copilot_auth_unreadable',
    `${capitalize(NAMES[source])} cannot be read: ${problem}. Repair or delete it.`,
  );
}

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
