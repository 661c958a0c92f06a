import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findBinary } from '../../src/codex/process/binary.ts';
import { chooseFaults, FAULTS, ONE_PART, PARTS, type Part } from './faults/plan.ts';
import type { Fault } from './faults/fault.ts';
import { checkEnd, checkMemory, checkResources, checkStop, type Growth } from './invariants/check-end.ts';
import { takeFigures, type Figures } from './invariants/figures.ts';
import { createJournal, type Journal } from './journal.ts';
import { addTokens, createChaosGateway, prepareHome } from './process/chaos-gateway.ts';
import { writeWrapper } from './process/write-wrapper.ts';
import { startChaosProvider } from './provider/chaos-provider.ts';
import { createRandom, type Random } from './random.ts';
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
  progress(text: string): void;
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

/** Few, so that requests have to wait, and some find no place. */
const LIMITS = { running: 12, waiting: 32 };

/** Returns true if a run is too short to measure memory: then all faults shall strike at least. */
const isShort = (seconds: number) => seconds < 300;

const SAMPLE_MS = 5000;

const CONFIG = {
  port: 0,
  token: TOKEN,
  limits: LIMITS,
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
  const { path } = await findBinary(undefined, { PATH: process.env.PATH ?? '' });
  const config = { ...CONFIG, codex: writeWrapper(folder, path) };
  const gateway = createChaosGateway({ folder, environment: prepareHome(folder, provider.baseUrl, config) });
  const run: Run = {
    random,
    pace: isShort(options.seconds) ? 0.4 : 1,
    gateway,
    provider,
    journal: createJournal(),
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
    await checkEnd(run, LIMITS.running + LIMITS.waiting);
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
  const { clients, seconds, progress, faults: names } = options;
  const over = new AbortController();
  const actors = Array.from({ length: clients }, (_, index) => runActor(run, `c${index}`, over.signal));
  const samples: Figures[] = [];
  const faults = FAULTS.filter(({ name }) => names?.includes(name) ?? true);
  const report = setInterval(() => progress(describeState(run, seconds)), SAMPLE_MS);
  try {
    for (const part of isShort(seconds) ? ONE_PART : PARTS)
      await strikeAll(run, { faults, part, endMs: part.until * seconds * 1000, samples });
    while (run.journal.nowMs() < seconds * 1000) await sleep(200);
  } finally {
    over.abort();
    await Promise.all(actors);
    clearInterval(report);
  }
  samples.push(await takeFigures(run));
  return samples;
}

interface Strikes {
  readonly faults: readonly Fault[];
  readonly part: Part;
  readonly endMs: number;
  /** Figures are added to it now and then. */
  readonly samples: Figures[];
}

/** Lets one fault after the other strike until a part of the run is over. */
async function strikeAll(run: Run, { faults, part, endMs, samples }: Strikes): Promise<void> {
  const random = run.random.fork(`faults ${part.until}`);
  let beside: Promise<void> | undefined;
  for (const fault of chooseFaults(random, faults, part)) {
    await sleep(random.between(300, 1500) * run.pace);
    const { seconds: last = -Infinity } = samples.at(-1) ?? {};
    if (run.journal.nowMs() - last * 1000 >= SAMPLE_MS) samples.push(await takeFigures(run));
    if (run.journal.nowMs() >= endMs) break;
    if (fault.besideOthers === true) {
      await beside;
      beside = strike(run, random, fault);
    } else await strike(run, random, fault);
  }
  await beside;
}

async function strike(run: Run, random: Random, fault: Fault): Promise<void> {
  try {
    await fault.strike(run, random);
  } catch (error) {
    run.journal.violate(`${fault.name} could not be done: ${String(error)}`);
  }
}

function describeState({ journal }: Run, seconds: number): string {
  const sum = (counts: ReadonlyMap<string, number>) =>
    [...counts.values()].reduce((total, count) => total + count, 0);
  const second = Math.round(journal.nowMs() / 1000);
  const requests = `${sum(journal.counts)} requests, ${sum(journal.faults)} faults`;
  return `${second} of ${seconds} s, ${requests}, ${journal.violations.length} violations, ${journal.lastFault()}`;
}
