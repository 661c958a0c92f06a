import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findBinary } from '../../src/codex/process/binary.ts';
import { FAULTS, ONE_PART, PARTS } from './faults/plan.ts';
import { strikeAll } from './faults/strike-all.ts';
import { checkEnd, checkMemory, checkResources, checkStop, type Growth } from './invariants/check-end.ts';
import { takeFigures, type Figures } from './invariants/figures.ts';
import { createJournal, type Journal } from './journal.ts';
import { addTokens, createChaosGateway, prepareHome } from './process/chaos-gateway.ts';
import { writeWrapper } from './process/write-wrapper.ts';
import { startChaosProvider } from './provider/chaos-provider.ts';
import { createRandom } from './random.ts';
import type { Run } from './run.ts';
import { closeConnections } from './traffic/http-call.ts';
import { makeRequest, runActor } from './traffic/traffic.ts';
import { createVault } from './traffic/vault.ts';

export interface ChaosOptions {
  readonly seed: number;
  readonly seconds: number;
  /** Clients that ask at the same time. */
  readonly clients: number;
  /** Names of the faults that may strike; all by default. */
  readonly faults?: readonly string[];
  /** Lets each fault strike once, evenly spread over the time. */
  readonly once: boolean;
  progress(text: string): void;
  /** Hears of each violation as it is found. */
  warn(violation: string): void;
}

export interface ChaosResult {
  readonly journal: Journal;
  readonly before: Figures;
  readonly after: Figures;
  readonly growth: Growth;
  /** The last lines of the gateway. */
  readonly output: readonly string[];
}

const TOKEN = 'chaos-0f3b9ad1c27e4865';

/** Few places for so many clients, so that requests have to wait, and some find none. */
const limitsFor = (clients: number) => ({ running: clients + 2, waiting: 2 * (clients + 2) });

/** Returns true if a run is too short to measure memory: then all faults shall strike at least. */
const isShort = (seconds: number) => seconds < 300;

const SAMPLE_MS = 5000;

const CONFIG = {
  port: 0,
  token: TOKEN,
  // Silent providers are given up soon, but not by a machine that is merely slow.
  deadlines: { firstByte: 20, idle: 20 },
  // Before that, an answer that fails still gets its status.
  keepAlive: { firstSpace: 60 },
  copilot: { enabled: false },
};

/** Runs traffic and faults against a gateway of its own, and checks the invariants. */
export async function runChaos(options: ChaosOptions): Promise<ChaosResult> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'codex-gateway-chaos-')));
  const remove = () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  process.once('exit', remove);
  const random = createRandom(options.seed);
  const provider = await startChaosProvider(random.fork('provider'));
  // Any call of the binary writes into its home.
  const { path } = await findBinary(undefined, { PATH: process.env.PATH ?? '', CODEX_HOME: folder });
  const limits = limitsFor(options.clients);
  const config = { ...CONFIG, limits, codex: writeWrapper(folder, path) };
  const gateway = createChaosGateway({ folder, environment: prepareHome(folder, provider.baseUrl, config) });
  const run: Run = {
    random,
    places: limits.running + limits.waiting,
    pace: isShort(options.seconds) ? 0.4 : 1,
    asides: [],
    gateway,
    provider,
    journal: createJournal(options.warn),
    vault: createVault(),
    tokens: [TOKEN],
  };
  try {
    await gateway.start();
    run.tokens.push(...(await addTokens(gateway)));
    await makeRequest(run, random, { kind: 'response, whole', id: 'first' });
    run.journal.begin();
    const before = await takeFigures(run);
    const samples = await runTraffic(run, options);
    await checkEnd(run);
    closeConnections();
    const after = await checkResources(run, before);
    const growth = checkMemory(run, samples);
    await checkStop(run);
    return { journal: run.journal, before, after, growth, output: gateway.output() };
  } finally {
    run.journal.close();
    await gateway.stop('SIGKILL');
    closeConnections();
    await provider.close();
    remove();
    process.off('exit', remove);
  }
}

async function runTraffic(run: Run, options: ChaosOptions): Promise<Figures[]> {
  const { clients, seconds, once, progress, faults: names } = options;
  const over = new AbortController();
  const actors = Array.from({ length: clients }, (_, index) => runActor(run, `c${index}`, over.signal));
  const samples: Figures[] = [];
  async function sample(): Promise<void> {
    const { seconds: last = -Infinity } = samples.at(-1) ?? {};
    // Each one collects the garbage, and a short run measures no memory.
    if (isShort(seconds) || run.journal.nowMs() - last * 1000 < SAMPLE_MS) return;
    samples.push(await takeFigures(run));
  }
  const faults = FAULTS.filter(({ name }) => names?.includes(name) ?? true);
  const report = setInterval(() => progress(describeState(run, seconds)), SAMPLE_MS);
  try {
    for (const part of isShort(seconds) ? ONE_PART : PARTS)
      await strikeAll(run, { faults, part, endMs: part.until * seconds * 1000, once, sample });
    while (run.journal.nowMs() < seconds * 1000) await sleep(200);
  } finally {
    over.abort();
    await Promise.all(actors);
    await Promise.all(run.asides);
    clearInterval(report);
  }
  samples.push(await takeFigures(run));
  return samples;
}

function describeState({ journal }: Run, seconds: number): string {
  const sum = (counts: ReadonlyMap<string, number>) =>
    [...counts.values()].reduce((total, count) => total + count, 0);
  const second = Math.round(journal.nowMs() / 1000);
  const requests = `${sum(journal.counts)} requests, ${sum(journal.faults)} faults`;
  return `${second} of ${seconds} s, ${requests}, ${journal.violations.length} violations, ${journal.lastFault()}`;
}
