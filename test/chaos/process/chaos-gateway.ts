import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SCRIPT = fileURLToPath(new URL('../../../bin/codex-gateway.js', import.meta.url));

export const CHAOS_TOKEN = 'chaos-0f3b9ad1c27e4865';

/** Lines of the log that are kept to explain a failure. */
const KEPT_LINES = 400;

/** The gateway of a run, as a process that a user would start, and start again. */
export interface ChaosGateway {
  /** Contains everything of the run. */
  readonly folder: string;
  readonly stateFolder: string;
  /** `http://127.0.0.1:…` of the running process; another one after each start. */
  origin(): string;
  pid(): number;
  /** The last lines that it printed. */
  output(): readonly string[];
  start(): Promise<void>;
  /** Ends it by a signal; resolves to its exit code, null if the signal ended it. */
  stop(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null>;
}

export interface ChaosGatewayOptions {
  /** An empty folder. */
  readonly folder: string;
  readonly baseUrl: string;
  readonly config: object;
}

export function createChaosGateway({ folder, baseUrl, config }: ChaosGatewayOptions): ChaosGateway {
  const environment = prepareFolder(folder, baseUrl, config);
  const lines: string[] = [];
  let child: ChildProcess | undefined;
  let origin = '';
  process.once('exit', () => void child?.kill('SIGKILL'));

  async function start(): Promise<void> {
    const args = [SCRIPT, '--log-format', 'text'];
    const starting = spawn(process.execPath, args, { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
    child = starting;
    const ready = Promise.withResolvers<string>();
    const hear = (text: string) => {
      lines.push(...text.split('\n').filter((line) => line !== ''));
      lines.splice(0, lines.length - KEPT_LINES);
      const [found] = /http:\/\/127\.0\.0\.1:\d+/.exec(text) ?? [];
      if (found !== undefined) ready.resolve(found);
    };
    for (const stream of [starting.stdout, starting.stderr]) stream.setEncoding('utf8').on('data', hear);
    starting.once('exit', (code, signal) => {
      ready.reject(new Error(`The gateway ended with ${code ?? signal}:\n${lines.slice(-20).join('\n')}`));
    });
    origin = await ready.promise;
  }

  return {
    folder,
    stateFolder: join(folder, 'state', 'codex-gateway'),
    origin: () => origin,
    pid: () => child!.pid!,
    output: () => lines,
    start,
    async stop(signal) {
      const ending = child!;
      if (ending.exitCode !== null || ending.signalCode !== null) return ending.exitCode;
      const exited = once(ending, 'exit');
      ending.kill(signal);
      return ((await exited) as [number | null])[0];
    },
  };
}

/** Makes the home of a user who has chosen the scripted provider, and returns the environment. */
function prepareFolder(folder: string, baseUrl: string, config: object): Record<string, string> {
  const codexHome = join(folder, 'codex-home');
  const configFile = join(folder, 'config.json');
  const temporary = join(folder, 'tmp');
  for (const path of [codexHome, temporary, join(folder, 'home')]) mkdirSync(path, { mode: 0o700 });
  const provider = { name: 'scripted', base_url: baseUrl, wire_api: 'responses' };
  const lines = Object.entries(provider).map(([key, value]) => `${key} = ${JSON.stringify(value)}`);
  writeFileSync(
    join(codexHome, 'config.toml'),
    ['model_provider = "scripted"', '[model_providers.scripted]', ...lines, ''].join('\n'),
  );
  writeFileSync(configFile, JSON.stringify({ port: 0, token: CHAOS_TOKEN, ...config }), { mode: 0o600 });
  return {
    PATH: process.env.PATH ?? '',
    HOME: join(folder, 'home'),
    CODEX_HOME: codexHome,
    XDG_STATE_HOME: join(folder, 'state'),
    CODEX_GATEWAY_CONFIG: configFile,
    TMPDIR: temporary,
  };
}
