import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { scriptedProvider } from '../../support/gateway.ts';

export const GATEWAY_SCRIPT = fileURLToPath(new URL('../../../bin/codex-gateway.js', import.meta.url));

const PROBE = ['--expose-gc', '--import', new URL('memory-probe.ts', import.meta.url).href];

export const TOKEN = 'token-of-the-bench';

/** Returns the arguments of Node that write CPU profiles of all threads into a folder. */
export function profileInto(folder: string): string[] {
  const preloaded = new URL('profile-workers.ts', import.meta.url).href;
  return ['--cpu-prof', `--cpu-prof-dir=${folder}`, '--import', preloaded];
}

export interface GatewayOptions {
  readonly baseUrl: string;
  /** An empty folder, which becomes the user's home. */
  readonly folder: string;
  readonly environment: Record<string, string>;
  /** Arguments for Node. */
  readonly nodeArguments?: readonly string[];
  /** Flags of the gateway. */
  readonly flags?: readonly string[];
  /** Path of the program; by default that of this clone. */
  readonly script?: string;
  /** Makes `usedBytes` possible. */
  readonly probesMemory?: boolean;
}

export interface GatewayProcess {
  readonly pid: number;
  readonly port: number;
  /** Milliseconds until it said that it is ready. */
  readonly readyMs: number;
  readonly environment: Record<string, string>;
  /** Has the gateway collect its garbage; resolves to the bytes of memory that its main thread still uses. */
  usedBytes(): Promise<number>;
  close(): Promise<void>;
}

/** Starts the built gateway as a user does, with the scripted provider selected in the user's `config.toml`. */
export async function startGatewayProcess(options: GatewayOptions): Promise<GatewayProcess> {
  const {
    baseUrl,
    folder,
    nodeArguments = [],
    flags = [],
    probesMemory = false,
    script = GATEWAY_SCRIPT,
  } = options;
  const codexHome = join(folder, '.codex');
  mkdirSync(codexHome, { recursive: true });
  writeFileSync(join(codexHome, 'config.toml'), scriptedProvider(baseUrl));
  const environment = { ...options.environment, HOME: folder, CODEX_GATEWAY_TOKEN: TOKEN };
  const start = performance.now();
  const child = spawn(
    process.execPath,
    [
      ...nodeArguments,
      ...(probesMemory ? PROBE : []),
      script,
      '--port',
      '0',
      '--log-level',
      'warn',
      ...flags,
    ],
    { env: environment, stdio: ['ignore', 'pipe', 'pipe', probesMemory ? 'ipc' : 'ignore'] },
  );
  const exited = once(child, 'exit');
  const kill = () => void child.kill('SIGKILL');
  process.once('exit', kill);
  const port = Promise.withResolvers<number>();
  let output = '';
  for (const stream of [child.stdout!, child.stderr!]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      const [, found] = /http:\/\/127\.0\.0\.1:(\d+)/.exec(output) ?? [];
      if (found !== undefined) port.resolve(Number(found));
    });
  }
  void exited.then(([code]) => port.reject(new Error(`The gateway ended with ${code}: ${output}`)));
  return {
    pid: child.pid!,
    port: await port.promise,
    readyMs: performance.now() - start,
    environment,
    async usedBytes() {
      child.send('collect');
      return ((await once(child, 'message')) as [number])[0];
    },
    async close() {
      child.kill('SIGTERM');
      await exited;
      process.off('exit', kill);
    },
  };
}
