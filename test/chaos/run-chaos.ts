import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CHILD_KILLED } from './faults/child-faults.ts';
import { createJournal, type Journal } from './journal.ts';
import { createChaosGateway } from './process/chaos-gateway.ts';
import { processesOf } from './process/processes.ts';
import { startChaosProvider } from './provider/chaos-provider.ts';
import { createRandom } from './random.ts';
import type { Run } from './run.ts';
import { closeConnections } from './traffic/http-call.ts';
import { runActor } from './traffic/traffic.ts';

export interface ChaosOptions {
  readonly seed: number;
  readonly seconds: number;
  /** Clients that ask at the same time. */
  readonly clients: number;
  progress(text: string): void;
}

export async function runChaos(options: ChaosOptions): Promise<Journal> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'codex-gateway-chaos-')));
  const provider = await startChaosProvider();
  const gateway = createChaosGateway({ folder, baseUrl: provider.baseUrl, config: {} });
  const run: Run = { random: createRandom(options.seed), gateway, provider, journal: createJournal() };
  try {
    await gateway.start();
    run.journal.begin();
    await runTraffic(run, options);
    await checkEnd(run);
  } finally {
    await gateway.stop('SIGKILL');
    closeConnections();
    await provider.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
  return run.journal;
}

async function runTraffic(run: Run, { seconds, clients, progress }: ChaosOptions): Promise<void> {
  const { journal } = run;
  const over = AbortSignal.timeout(seconds * 1000);
  const actors = Array.from({ length: clients }, (_, index) => runActor(run, `c${index}`, over));
  const random = run.random.fork('faults');
  const report = setInterval(() => {
    const requests = [...journal.counts.values()].reduce((sum, count) => sum + count, 0);
    const faults = [...journal.faults.values()].reduce((sum, count) => sum + count, 0);
    const second = Math.round(journal.nowMs() / 1000);
    progress(
      `${second} of ${seconds} s, ${requests} requests, ${faults} faults, ${journal.violations.length} violations`,
    );
  }, 5000);
  while (!over.aborted) {
    await sleep(random.between(1000, 3000));
    if (!over.aborted) await CHILD_KILLED.strike(run, random);
  }
  await Promise.all(actors);
  clearInterval(report);
}

async function checkEnd({ gateway, journal }: Run): Promise<void> {
  const code = await gateway.stop('SIGTERM');
  if (code !== 0) journal.violate(`the gateway ended with ${code} after SIGTERM.`);
  const left = processesOf(gateway.folder);
  if (left.length > 0) journal.violate(`processes are left: ${left.join(', ')}.`);
}
