import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { scriptedProvider } from '../../support/gateway.ts';
import { spawnJsonRpc } from '../clients/json-rpc.ts';
import { GATEWAY_SCRIPT, startGatewayProcess } from '../processes/gateway-process.ts';
import { readMemoryKb } from '../processes/process-figures.ts';
import { showProgress } from '../report/progress.ts';
import { alternate, type Scenario } from './scenario.ts';

const CODEX = fileURLToPath(new URL('../../../node_modules/.bin/codex', import.meta.url));
/** A provider that gets no request. */
const BASE_URL = 'http://127.0.0.1:9/v1';
/** Milliseconds after which a gateway without requests rests: some seconds after its start it reads the models again. */
const SETTLING_MS = 10_000;

/** Start until ready, memory at rest, and the time of short commands. */
export const START: Scenario = {
  name: 'start',
  async run(bench) {
    const folder = mkdtempSync(join(tmpdir(), 'codex-gateway-bench-'));
    const environment = { PATH: process.env.PATH ?? '' };
    const start = () =>
      startGatewayProcess({ baseUrl: BASE_URL, folder: join(folder, 'gateway'), environment });
    try {
      const first = await start();
      bench.report({ name: 'first start to ready', unit: 'ms', gateway: [[first.readyMs]] });
      showProgress('memory at rest');
      await delay(SETTLING_MS);
      bench.report({
        name: 'memory at rest',
        unit: 'MB',
        gateway: [[readMemoryKb(first.pid) / 1_000]],
        target: { of: 'value', atMost: 100 },
      });
      await first.close();
      const { gateway, bare } = await alternate('start', bench.rounds, {
        gateway: async () => {
          const { readyMs, close } = await start();
          await close();
          return readyMs;
        },
        bare: () => startCodex(join(folder, 'codex')),
      });
      bench.report({
        name: 'start to ready',
        unit: 'ms',
        gateway: gateway.map((value) => [value]),
        bare: bare.map((value) => [value]),
        target: { of: 'ratio', atMost: 2 },
      });
      const running = await start();
      for (const command of [['--help'], ['show'], ['models']]) {
        const times = await alternate(command.join(' '), bench.rounds, {
          gateway: () => timeNode([GATEWAY_SCRIPT, ...command], running.environment),
          bare: () => timeNode(['-e', '0'], running.environment),
        });
        bench.report({
          name: `codex-gateway ${command.join(' ')} (beside an empty program)`,
          unit: 'ms',
          gateway: times.gateway.map((value) => [value]),
          bare: times.bare.map((value) => [value]),
        });
      }
      await running.close();
    } finally {
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    }
  },
};

/** Starts Codex's own command; resolves to the milliseconds until it has listed its models. */
async function startCodex(home: string): Promise<number> {
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, 'config.toml'), scriptedProvider(BASE_URL));
  const environment = { PATH: process.env.PATH ?? '', HOME: home, CODEX_HOME: home };
  const start = performance.now();
  const rpc = spawnJsonRpc({
    command: CODEX,
    args: ['app-server'],
    environment,
    cwd: home,
    onMessage: () => {},
  });
  await rpc.request('initialize', { clientInfo: { name: 'bench', title: null, version: '0' } });
  await rpc.request('model/list', {});
  const ms = performance.now() - start;
  await rpc.close();
  return ms;
}

async function timeNode(args: readonly string[], environment: Record<string, string>): Promise<number> {
  const start = performance.now();
  const child = spawn(process.execPath, args, { env: environment, stdio: 'ignore' });
  const [code] = (await once(child, 'exit')) as [number];
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}.`);
  return performance.now() - start;
}
