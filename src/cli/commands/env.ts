import type { Environment, Flags } from '../../app/config/config.ts';
import { readClientSettings } from '../client-settings.ts';
import { shellQuote } from '../../base/format-text.ts';
import type { Terminal } from '../terminal.ts';

/** Prints shell exports that point clients to the gateway: `eval "$(codex-gateway env)"`. */
export async function env(flags: Flags, environment: Environment, terminal: Terminal): Promise<void> {
  const { origin, token, settings } = await readClientSettings(flags, environment);
  const variables = {
    CODEX_GATEWAY_HOST: settings.host,
    CODEX_GATEWAY_PORT: String(settings.port),
    CODEX_GATEWAY_BASE_URL: `${origin}/v1`,
    OPENAI_BASE_URL: `${origin}/v1`,
    OPENAI_API_KEY: token,
  };
  terminal.print(
    Object.entries(variables)
      .map(([name, value]) => `export ${name}=${shellQuote(value)}`)
      .join('\n'),
  );
}
