import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { execCodex, type Executed } from '../codex-exec.ts';
import { COPILOT_ADDRESS, readSettings } from '../../../src/app/config/config.ts';
import { serveCopilot } from '../../../src/app/copilot/serve-copilot.ts';
import { startServer, userEnvironment, type Server } from '../command-line.ts';
import { scriptedProvider } from '../gateway.ts';
import { createMemoryLog } from '../memory-log.ts';
import { runMain, type Outcome } from '../run-main.ts';
import { createVisibleFolder, temporaryFolder } from '../temporary-folder.ts';
import { startCopilotFakes, type CopilotFakes } from './copilot-fakes.ts';

/** Someone who uses the command line, with a home of their own and fakes of GitHub and Copilot. */
export interface CopilotUser extends Pick<CopilotFakes, 'github' | 'copilot'> {
  readonly environment: Record<string, string>;
  readonly home: string;
  readonly codexHome: string;
  /** The working folder of `codex exec`. */
  readonly work: string;
  readonly tokenFile: string;
  /** Runs a command of the gateway to its end, in this process. */
  run(...args: readonly string[]): Promise<Outcome>;
  /** Starts a server with the built command line that ends with the running test. */
  serve(...args: readonly string[]): Promise<CopilotServer>;
  /** Serves what `copilot serve` serves, in this process, until the running test ends. */
  serveHere(): Promise<LocalCopilotServer>;
  /** Runs the real `codex exec`. */
  exec(...args: readonly string[]): Promise<Executed>;
}

interface AskedServer {
  readonly origin: string;
  /** Sends `POST /copilot/v1/responses`. */
  respond(body: string, headers: Readonly<Record<string, string>>): Promise<Response>;
}

export type CopilotServer = Server & AskedServer;

interface LocalCopilotServer extends AskedServer {
  /** Everything that it has written to its log. */
  log(): string;
  close(): Promise<void>;
}

interface CopilotUserOptions {
  readonly environment?: Readonly<Record<string, string>>;
  /** Content of the token file. */
  readonly tokens?: object;
  /** Keys of the gateway's config file. */
  readonly config?: object;
}

/** No retries of a request: they would hide what has gone wrong. No sandbox: not every machine has one. */
const CODEX_CONFIG = `
sandbox_mode = "danger-full-access"
check_for_update_on_startup = false
[analytics]
enabled = false
`;

export async function createCopilotUser(options: CopilotUserOptions = {}): Promise<CopilotUser> {
  const folder = temporaryFolder(createVisibleFolder);
  const fakes = await startCopilotFakes();
  onTestFinished(() => fakes.close());
  const environment = { ...userEnvironment(folder), ...fakes.environment, ...options.environment };
  const home = environment.HOME!;
  const codexHome = join(home, '.codex');
  const work = join(folder, 'work');
  const configFolder = join(home, '.config', 'codex-gateway');
  for (const path of [work, configFolder]) mkdirSync(path, { recursive: true });
  // The gateway's own models are asked for at an address that nobody serves.
  const config = scriptedProvider(`${fakes.copilot.origin}/none`);
  writeFileSync(join(codexHome, 'config.toml'), config.replace('\n', `\n${CODEX_CONFIG}`));
  writeFileSync(join(configFolder, 'config.json'), JSON.stringify(options.config ?? {}), { mode: 0o600 });
  const tokenFile = join(home, '.copilot-tokens.json');
  if (options.tokens !== undefined) writeFileSync(tokenFile, JSON.stringify(options.tokens), { mode: 0o600 });
  return {
    ...fakes,
    environment,
    home,
    codexHome,
    work,
    tokenFile,
    run: async (...args) => await runMain(args, environment),
    async serve(...args) {
      const server = await startServer(args, environment, {
        ready: args[0] === 'copilot' ? 'API key:' : '-d ',
      });
      const [origin] = /http:\/\/[\d.]+:\d+/.exec(server.stdout()) ?? [];
      if (origin === undefined) throw new Error(`The server has not started: ${server.stderr()}`);
      return { ...server, ...askedAt(origin) };
    },
    serveHere: async () => await serveHere(environment),
    exec: async (...args) => await execCodex({ work, environment }, args),
  };
}

function askedAt(origin: string): AskedServer {
  return {
    origin,
    respond: async (body, headers) =>
      await fetch(`${origin}/copilot/v1/responses`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body,
      }),
  };
}

async function serveHere(environment: Record<string, string>): Promise<LocalCopilotServer> {
  const log = createMemoryLog();
  const settings = await readSettings({ port: '0' }, environment, COPILOT_ADDRESS);
  const server = await serveCopilot(settings, environment, log);
  const close = async () => await server.close(AbortSignal.abort());
  onTestFinished(close);
  return { ...askedAt(server.origin), log: () => log.lines.join('\n'), close };
}
