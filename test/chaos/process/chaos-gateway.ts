import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { ProbeFigures, ProbeOrder } from './probe.ts';

const SCRIPT = fileURLToPath(new URL('../../../bin/codex-gateway.js', import.meta.url));
const PROBE = ['--expose-gc', '--trace-warnings', '--import', new URL('probe.ts', import.meta.url).href];

/** Lines of the log that are kept to explain a failure. */
const KEPT_LINES = 400;

/** The gateway of a run, as a process that a user would start, and start again. */
export interface ChaosGateway {
  /** Contains everything of the run. */
  readonly folder: string;
  readonly stateFolder: string;
  readonly environment: Record<string, string>;
  /** `http://127.0.0.1:…` of the running process; another one after each start. */
  origin(): string;
  pid(): number;
  /** The last lines that it printed. */
  output(): readonly string[];
  /** Sends it on with a clock that differs by so much; 0 puts it right. */
  shiftClock(shiftMs: number): void;
  measure(): Promise<ProbeFigures>;
  /** Starts it, with a log on a disk that is full if asked for. */
  start(options?: { readonly hasFullLog?: boolean }): Promise<void>;
  /** Ends it by a signal; resolves to its exit code, null if the signal ended it. */
  stop(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null>;
}

export interface ChaosGatewayOptions {
  /** An empty folder. */
  readonly folder: string;
  readonly environment: Record<string, string>;
}

export function createChaosGateway({ folder, environment }: ChaosGatewayOptions): ChaosGateway {
  const lines: string[] = [];
  let child: ChildProcess | undefined;
  let origin = '';
  process.once('exit', () => void child?.kill('SIGKILL'));

  async function start({ hasFullLog = false } = {}): Promise<void> {
    const log = hasFullLog ? openSync('/dev/full', 'w') : 'pipe';
    child = spawn(process.execPath, [...PROBE, SCRIPT, '--log-format', 'text'], {
      env: environment,
      stdio: ['ignore', 'pipe', log, 'ipc'],
    });
    if (typeof log === 'number') closeSync(log);
    origin = await untilReady(child, lines);
  }

  return {
    folder,
    environment,
    stateFolder: join(folder, 'state', 'codex-gateway'),
    origin: () => origin,
    pid: () => child!.pid!,
    output: () => lines,
    shiftClock: (shiftMs) => void child!.send({ shiftMs } satisfies ProbeOrder),
    async measure() {
      child!.send('measure' satisfies ProbeOrder);
      return ((await once(child!, 'message')) as [ProbeFigures])[0];
    },
    start,
    async stop(signal) {
      const ending = child;
      if (ending === undefined || ending.exitCode !== null || ending.signalCode !== null)
        return ending?.exitCode ?? null;
      const exited = once(ending, 'exit');
      ending.kill(signal);
      return ((await exited) as [number | null])[0];
    },
  };
}

/** Resolves to the address at which a gateway listens, and goes on reading what it prints. */
async function untilReady(child: ChildProcess, lines: string[]): Promise<string> {
  const ready = Promise.withResolvers<string>();
  const hear = (text: string) => {
    lines.push(...text.split('\n').filter((line) => line !== ''));
    lines.splice(0, lines.length - KEPT_LINES);
    const [found] = /http:\/\/127\.0\.0\.1:\d+/.exec(text) ?? [];
    if (found !== undefined) ready.resolve(found);
  };
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', hear);
  child.once('exit', (code, signal) => {
    ready.reject(new Error(`The gateway ended with ${code ?? signal}:\n${lines.slice(-20).join('\n')}`));
  });
  return await ready.promise;
}

/** Adds named tokens, as a user would from another terminal; returns their keys. */
export async function addTokens({ environment }: ChaosGateway): Promise<string[]> {
  const add = async (name: string) => {
    const args = [SCRIPT, 'tokens', 'add', name];
    return (await promisify(execFile)(process.execPath, args, { env: environment })).stdout.trim();
  };
  return [await add('ada'), await add('grace')];
}

/** Makes the home of a user who has chosen the scripted provider, and returns the environment. */
export function prepareHome(folder: string, baseUrl: string, config: object): Record<string, string> {
  const codexHome = join(folder, 'codex-home');
  const configFile = join(folder, 'config.json');
  const temporary = join(folder, 'tmp');
  for (const path of [codexHome, temporary, join(folder, 'home')]) mkdirSync(path, { mode: 0o700 });
  const provider = { name: 'scripted', base_url: baseUrl, wire_api: 'responses' };
  const settings = Object.entries(provider).map(([key, value]) => `${key} = ${JSON.stringify(value)}`);
  writeFileSync(
    join(codexHome, 'config.toml'),
    ['model_provider = "scripted"', '[model_providers.scripted]', ...settings, ''].join('\n'),
  );
  writeFileSync(configFile, JSON.stringify(config), { mode: 0o600 });
  const { PATH = '', NODE_COMPILE_CACHE: cache } = process.env;
  return {
    PATH,
    // A start costs half with it.
    ...(cache !== undefined && { NODE_COMPILE_CACHE: cache }),
    HOME: join(folder, 'home'),
    CODEX_HOME: codexHome,
    XDG_STATE_HOME: join(folder, 'state'),
    CODEX_GATEWAY_CONFIG: configFile,
    TMPDIR: temporary,
  };
}
