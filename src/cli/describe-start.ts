import type { RunningGateway } from '../app/compose.ts';
import type { Settings } from '../app/config.ts';
import { VERSION } from '../app/version.ts';
import { curlSetUp, type SetUp } from './set-up.ts';
import { shellQuote } from './shell-quote.ts';

export interface Start {
  readonly gateway: RunningGateway;
  readonly settings: Settings;
  readonly demo: boolean;
  /** Path of `--token-file`. */
  readonly tokenFile: string | undefined;
  /** How this program can be called again. */
  readonly command: string;
}

/** What the server says when it is ready. A configured token is not among it, only the way to it. */
export function describeStart(start: Start): string {
  const { gateway, settings } = start;
  return [
    `codex-gateway ${VERSION} listens on ${gateway.origin}`,
    `Codex ${gateway.codex.version}: ${describeLogin(start)}`,
    '',
    `Base URL: ${gateway.origin}/v1`,
    `API key:  ${settings.token ? describeToken(start) : `${gateway.token} (for this run; \`${start.command} init\` makes one that stays)`}`,
    '',
    curlSetUp(setUp(start)),
  ].join('\n');
}

function describeLogin({ gateway, demo }: Start): string {
  const { login } = gateway;
  if (demo) return 'demo, no account and no real model is used.';
  switch (login.type) {
    case 'account':
      return describeAccount(login.account);
    case 'signed-out':
      return `not signed in. Run: ${shellQuote(gateway.codex.path)} login`;
    case 'not-needed':
      return 'no OpenAI account needed, a provider of its own is configured.';
    case 'unknown':
      return `the account could not be read (${login.problem}).`;
  }
}

type Account = Extract<RunningGateway['login'], { type: 'account' }>['account'];

function describeAccount(account: Account): string {
  if (account.type === 'chatgpt')
    return `signed in with ChatGPT as ${account.email ?? 'unknown'} (${account.planType}).`;
  return account.type === 'apiKey' ? 'signed in with an API key.' : `signed in (${account.type}).`;
}

function setUp({ gateway, settings, tokenFile, command }: Start): SetUp {
  const { origin, model, token } = gateway;
  return {
    origin,
    model,
    token: settings.token ? { words: tokenWords({ settings, tokenFile, command }) } : { value: token },
  };
}

/** Shell words that become the token. */
function tokenWords({
  settings,
  tokenFile,
  command,
}: Pick<Start, 'settings' | 'tokenFile' | 'command'>): string {
  if (settings.token?.source === 'config')
    return `$(${command} token --config ${shellQuote(settings.configPath)})`;
  if (settings.token?.source === 'file') return `$(cat ${shellQuote(tokenFile ?? '')})`;
  return '$CODEX_GATEWAY_TOKEN';
}

function describeToken(start: Start): string {
  const { token } = start.settings;
  if (token?.source === 'flag')
    return 'the one of --token (the line below expects it in CODEX_GATEWAY_TOKEN)';
  return tokenWords(start);
}
