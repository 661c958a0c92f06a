import { listTokens, type ListedToken } from '../../../app/access/named-tokens.ts';
import { findStateDirectory, type Environment, type Flags } from '../../../app/config/config.ts';
import { formatTime } from '../../../base/format-text.ts';
import { formatTable } from '../../format-table.ts';
import type { Terminal } from '../../terminal.ts';

export interface ListTokensFlags extends Flags {
  readonly json?: boolean;
}

/** Prints the tokens, one per line below a heading, never the keys. */
export async function listTokensCommand(
  flags: ListTokensFlags,
  environment: Environment,
  terminal: Terminal,
): Promise<void> {
  const { tokens, broken } = await listTokens(findStateDirectory(environment));
  for (const { name, problem } of broken) {
    terminal.complain(`The token '${name}' cannot be read (${problem}); revoke it and add it again.`);
  }
  terminal.print(flags.json ? JSON.stringify(tokens, null, 2) : formatTokens(tokens));
}

function formatTokens(all: readonly ListedToken[]): string {
  const browsers = all.filter(({ browser }) => browser !== null);
  const tokens = formatKeys(all.filter(({ browser }) => browser === null));
  return browsers.length === 0 ? tokens : `${tokens}\n\n${formatBrowsers(browsers)}`;
}

function formatBrowsers(browsers: readonly ListedToken[]): string {
  return formatTable([
    ['BROWSER', 'SIGNED IN WITH', 'SCOPES', 'EXPIRES', 'LAST USED', 'BY'],
    ...browsers.map(({ browser, ...token }) => [
      token.name,
      browser?.owner ?? 'a revoked token',
      `${token.scopes.join(',')}${browser?.read_only ? ' (read only)' : ''}`,
      formatEnd(token.expires),
      formatLastUse(token),
      token.user_agent ?? '',
    ]),
  ]);
}

function formatKeys(tokens: readonly ListedToken[]): string {
  return formatTable([
    ['NAME', 'SCOPES', 'EXPIRES', 'LIMITS', 'LAST USED', 'BY'],
    ...tokens.map((token) => [
      token.name,
      token.scopes.join(','),
      formatEnd(token.expires),
      formatLimits(token.limits),
      formatLastUse(token),
      token.user_agent ?? '',
    ]),
  ]);
}

function formatLastUse({ last_used: used }: Pick<ListedToken, 'last_used'>): string {
  return used === null ? 'never' : formatTime(Date.parse(used));
}

function formatEnd(expires: string | null): string {
  if (expires === null) return 'never';
  const time = Date.parse(expires);
  return time <= Date.now() ? `expired ${formatTime(time)}` : formatTime(time);
}

function formatLimits(limits: ListedToken['limits']): string {
  const set = Object.entries(limits).filter(([, value]) => value !== null);
  return set.length === 0 ? 'none' : set.map(([name, value]) => `${name}=${value}`).join(',');
}
