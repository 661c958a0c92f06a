import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startGatewayProcess, TOKEN, type GatewayProcess } from '../processes/gateway-process.ts';
import { readCpuMs, readMemoryKb } from '../processes/process-figures.ts';
import { showProgress } from '../report/progress.ts';
import { listModelsSteadily } from '../workloads/steady-requests.ts';
import { alternate, type Bench, type Scenario } from './scenario.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
/** A provider that gets no request. */
const BASE_URL = 'http://127.0.0.1:9/v1';
const TURNS = { count: 200, concurrency: 16, prompt: { type: 'hello' } } as const;
/** Milliseconds after which a gateway without requests rests. */
const SETTLING_MS = 10_000;

/** The console: turns while somebody looks, and the start and the memory of a gateway whose console nobody opens. */
export const CONSOLE: Scenario = {
  name: 'console',
  async run(bench) {
    await compareTurnsBesideLook(bench, 'turns');
    await compareTurnsBesideLook(bench, 'turns among 10,000 requests a minute', 10_000 / 60);
    await compareStarts(bench);
  },
};

/**
 * Runs the same turns with somebody who follows all events and with nobody.
 *
 * @param perSecond Further requests that come meanwhile.
 */
async function compareTurnsBesideLook(bench: Bench, what: string, perSecond = 0): Promise<void> {
  const { upstream, gateway, http } = await bench.sides();
  await upstream.call('use', { type: 'text', deltas: 20 });
  const slice = async () => {
    const before = readCpuMs(gateway.pid);
    const others = listModelsSteadily({ port: gateway.port, token: TOKEN }, perSecond);
    // The flow ends, however the turns do.
    const [{ seconds }, sent] = await thenStop(
      http.call('runTurns', { client: 'chat', ...TURNS }),
      others.stop,
    );
    const requests = TURNS.count + sent;
    return {
      rate: TURNS.count / seconds,
      cpuMs: (readCpuMs(gateway.pid) - before) / TURNS.count,
      perMinute: (requests / seconds) * 60,
    };
  };
  const { open, closed } = await alternate(`${what} beside an open console`, bench.rounds, {
    open: async () => {
      const look = await followEvents(gateway);
      try {
        return await slice();
      } finally {
        await look.stop();
      }
    },
    closed: slice,
  });
  bench.report({
    name: `console: ${what} a second, open (beside closed)`,
    unit: '/s',
    gateway: open.map(({ rate }) => [rate]),
    bare: closed.map(({ rate }) => [rate]),
    target: { of: 'ratio', atLeast: 0.97 },
  });
  bench.report({
    name: `console: CPU a turn of the ${what}, open (beside closed)`,
    unit: 'ms',
    gateway: open.map(({ cpuMs }) => [cpuMs]),
    bare: closed.map(({ cpuMs }) => [cpuMs]),
  });
  const least = Math.min(...[...open, ...closed].map(({ perMinute }) => perMinute));
  bench.note(`${what}: at least ${Math.round(least).toLocaleString('en')} requests a minute in each round`);
}

/** Stops something when a promise has settled; resolves to the results of both. */
async function thenStop<Value, Result>(
  promise: Promise<Value>,
  stop: () => Promise<Result>,
): Promise<[Value, Result]> {
  try {
    const value = await promise;
    return [value, await stop()];
  } catch (error) {
    await stop().catch(() => {});
    throw error;
  }
}

/** Reads the events as an open page does. */
async function followEvents({ port }: GatewayProcess): Promise<{ stop(): Promise<void> }> {
  const stopping = new AbortController();
  const response = await fetch(`http://127.0.0.1:${port}/console/events`, {
    headers: { authorization: `Bearer ${TOKEN}` },
    signal: stopping.signal,
  });
  if (!response.ok) throw new Error(`The console answered ${response.status}.`);
  const read = response.body!.pipeTo(new WritableStream()).catch(() => {});
  return {
    async stop() {
      stopping.abort();
      await read;
    },
  };
}

/** Starts the gateway as it is, and a copy from which the code of the console is taken out. */
async function compareStarts(bench: Bench): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'codex-gateway-bench-'));
  try {
    const start = (side: string, script?: string) =>
      startGatewayProcess({
        baseUrl: BASE_URL,
        folder: join(folder, side),
        environment: { PATH: process.env.PATH ?? '' },
        ...(script !== undefined && { script }),
      });
    const copy = copyWithoutConsole(join(folder, 'package'));
    const sides = { own: () => start('own'), without: () => start('without', copy) };
    // A first start makes databases.
    for (const side of Object.values(sides)) await (await side()).close();
    const { own, without } = await alternate('start beside none of the console', bench.rounds, {
      own: () => timeStart(sides.own),
      without: () => timeStart(sides.without),
    });
    bench.report({
      name: 'console: start to ready (beside a gateway without it)',
      unit: 'ms',
      gateway: own.map((value) => [value]),
      bare: without.map((value) => [value]),
      target: { of: 'ratio', atMost: 1.05 },
    });
    await compareMemory(bench, sides);
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

type Start = () => Promise<GatewayProcess>;

async function compareMemory(bench: Bench, sides: { own: Start; without: Start }): Promise<void> {
  const own: number[][] = [];
  const without: number[][] = [];
  for (let round = 1; round <= Math.min(bench.rounds, 4); round += 1) {
    showProgress(`memory at rest beside none of the console: round ${round}`);
    const gateways = [await sides.own(), await sides.without()];
    await delay(SETTLING_MS);
    const [first, second] = gateways.map(({ pid }) => readMemoryKb(pid) / 1_000);
    own.push([first!]);
    without.push([second!]);
    for (const { close } of gateways) await close();
  }
  bench.report({
    name: 'console: memory at rest (beside a gateway without it)',
    unit: 'MB',
    gateway: own,
    bare: without,
    target: { of: 'ratio', atMost: 1.03 },
  });
}

async function timeStart(start: Start): Promise<number> {
  const { readyMs, close } = await start();
  await close();
  return readyMs;
}

/** Modules that stand for the console in a gateway that never had one. */
const STAND_INS: Readonly<Record<string, string>> = {
  'console/recording/console-recorder.js': `export function createConsoleRecorder() {
  return { listen() {}, watch() {}, stop() {} };
}
`,
  'http/console/console-group.js': 'export function createConsoleGroup() {}\n',
  'app/console/lazy-console.js': 'export function lazyConsole() {}\n',
};

/** Copies the built gateway without the code of the console; returns the path of its program. */
function copyWithoutConsole(folder: string): string {
  mkdirSync(folder, { recursive: true });
  for (const part of ['bin', 'dist', 'package.json']) {
    cpSync(join(ROOT, part), join(folder, part), { recursive: true });
  }
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  for (const [path, text] of Object.entries(STAND_INS)) writeFileSync(join(folder, 'dist', path), text);
  return join(folder, 'bin/codex-gateway.js');
}
