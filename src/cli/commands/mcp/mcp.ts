import { readSettings, type Environment } from '../../../app/config/config.ts';
import { reportLostErrors } from '../../../app/lifecycle/lost-errors.ts';
import { listenForSignals } from '../../../app/lifecycle/signals.ts';
import { observeInLog } from '../../../app/log/observer.ts';
import { standardOutput } from '../../../app/log/output.ts';
import { StartupError } from '../../../base/errors.ts';
import type { Terminal } from '../../terminal.ts';
import type { McpConfigFlags } from './print-mcp-config.ts';

export interface McpFlags extends McpConfigFlags {
  readonly demo?: boolean;
}

/** Serves the internal tools over standard input and output; `config CLIENT` prints the configuration of a client. */
export async function mcp(
  flags: McpFlags,
  environment: Environment,
  terminal: Terminal,
  words = '',
): Promise<void> {
  const [word, client, ...others] = words.split(' ');
  if (word === 'config' && others.length === 0) {
    const { printMcpConfig } = await import('./print-mcp-config.ts');
    await printMcpConfig(client, flags, environment, terminal);
    return;
  }
  if (words !== '') {
    throw new StartupError(`mcp takes only the words 'config CLIENT'; leave out '${words}'.`);
  }
  if (flags.http) {
    throw new StartupError('mcp serves standard input and output; --http belongs to `mcp config CLIENT`.');
  }
  await serveStdio(flags, environment);
}

async function serveStdio(flags: McpFlags, environment: Environment): Promise<void> {
  const settings = await readSettings(flags, environment);
  const observer = observeInLog(settings);
  const stopLogging = reportLostErrors(observer);
  const signals = listenForSignals();
  const stop = new AbortController();
  void signals.next().then(() => stop.abort());
  try {
    const { serveStdioTools } = await import('../../../app/tools/serve-stdio-tools.ts');
    await serveStdioTools({
      settings,
      environment,
      observer,
      isEphemeral: flags.demo ?? false,
      input: process.stdin,
      output: standardOutput,
      messageLimitBytes: settings.limits.bodyBytes,
      signal: stop.signal,
    });
  } finally {
    signals.stopListening();
    stopLogging();
  }
}
