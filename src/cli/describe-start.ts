import type { RunningGateway } from '../app/running-gateway.ts';
import { isLoopback } from '../app/config/address.ts';
import type { Settings } from '../app/config/config.ts';
import { VERSION } from '../app/config/version.ts';
import type { OwnCommand } from '../app/config/own-command.ts';
import { formatCurl, type CurlFacts } from '../app/clients/format-curl.ts';
import { shellQuote } from '../base/format-text.ts';

export interface Start {
  readonly gateway: RunningGateway;
  readonly settings: Settings;
  readonly demo: boolean;
  /** Path of `--token-file`. */
  readonly tokenFile: string | undefined;
  /** `CODEX_HOME`, if it is set. */
  readonly codexHome: string | undefined;
  readonly command: OwnCommand;
  /** True if the config file is at its default path. */
  readonly hasUsualConfig: boolean;
  /** True if models of GitHub Copilot answer although Codex is not signed in. */
  readonly hasCopilotOnly: boolean;
}

/** Describes a gateway that is ready. A configured token is not shown, only where to find it. */
export function describeStart(start: Start): string {
  const { gateway } = start;
  return [
    `codex-gateway ${VERSION} listens on ${gateway.origin}`,
    `Codex ${gateway.codex.version}: ${describeLogin(start)}`,
    ...(start.hasCopilotOnly ? ['GitHub Copilot: signed in. Its models begin with copilot/'] : []),
    ...describeModels(gateway),
    ...describeReach(start),
    '',
    `Base URL: ${gateway.origin}/v1`,
    `API key:  ${describeToken(start)}`,
    `Console:  ${commandOf(start, 'open')}${start.demo ? ' --demo' : ''}`,
    '',
    formatCurl(curlFacts(start)),
  ].join('\n');
}

function describeLogin({ gateway, demo, codexHome, command }: Start): string {
  const { login } = gateway;
  if (demo) return 'demo, no account and no real model is used.';
  switch (login.type) {
    case 'account':
      return describeAccount(login.account);
    case 'signed-out':
      return `not signed in.${inKeyring(gateway)} Run: ${codexHome ? `CODEX_HOME=${shellQuote(codexHome)} ` : ''}${command.usual} login`;
    case 'not-needed':
      return `provider '${gateway.provider}', which needs no OpenAI account.`;
    case 'unknown':
      return `the account could not be read (${login.problem}).`;
  }
}

function describeModels({ provider, modelsAreGuessed, missingTargets }: RunningGateway): string[] {
  const missing = missingTargets.map(
    ({ id, model }) =>
      `Warning:  the alias '${id}' names the model '${model}', which does not exist; correct "models" in the config file.`,
  );
  if (!modelsAreGuessed) return missing;
  return [
    `Models:   none are configured for '${provider}', so the list is Codex's own; name them under "models" in the config file.`,
  ];
}

function describeReach({ settings: { host } }: Start): string[] {
  if (isLoopback(host)) return [];
  return [
    `Warning:  other machines can reach it at ${host}. Their requests and the token are not encrypted, unless a proxy adds TLS.`,
  ];
}

/**
 * Returns a note about the keyring: Codex finds a login there by the path of its CODEX_HOME, and the child has its
 * own.
 */
function inKeyring({ usesKeyring }: RunningGateway): string {
  return usesKeyring ? ' A login that Codex keeps in the keyring is tied to its own CODEX_HOME.' : '';
}

type Account = Extract<RunningGateway['login'], { type: 'account' }>['account'];

function describeAccount(account: Account): string {
  if (account.type === 'chatgpt')
    return `signed in with ChatGPT as ${account.email ?? 'unknown'} (${account.planType}).`;
  return account.type === 'apiKey' ? 'signed in with an API key.' : `signed in (${account.type}).`;
}

function curlFacts(start: Start): CurlFacts {
  const { gateway, settings } = start;
  const { origin, model, token } = gateway;
  return {
    origin,
    model,
    token: isShown(settings) ? { value: token } : { words: tokenWords(start) },
  };
}

/** Returns true if the gateway generated the token, so that the user may not have seen it. */
function isShown({ token }: Settings): boolean {
  return token === undefined || token.source === 'state';
}

/** Returns shell words that expand to the token. */
function tokenWords(start: Start): string {
  const { settings, tokenFile } = start;
  if (settings.token?.source === 'config') return `$(${commandOf(start, 'token')})`;
  if (settings.token?.source === 'file') return `$(cat ${shellQuote(tokenFile ?? '')})`;
  return '$CODEX_GATEWAY_TOKEN';
}

/** Returns a command line about the gateway that was started. */
function commandOf({ settings, command, hasUsualConfig }: Start, name: 'open' | 'token'): string {
  const config = hasUsualConfig ? '' : ` --config ${shellQuote(settings.configPath)}`;
  return `${command.usual} ${name}${config}`;
}

function describeToken(start: Start): string {
  const { gateway, settings, tokenFile } = start;
  switch (settings.token?.source) {
    case undefined:
      return `${gateway.token} (for this run)`;
    case 'state':
      return `${gateway.token} (the same at every start; kept in ${settings.token.path})`;
    case 'config':
      return `printed by: ${commandOf(start, 'token')}`;
    case 'file':
      return `in ${tokenFile}`;
    case 'environment':
    case 'flag':
      return 'the token you started it with; before the line below, run: export CODEX_GATEWAY_TOKEN=…';
  }
}
