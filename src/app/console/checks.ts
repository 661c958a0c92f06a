import type { Checks } from '../../console/contract/checks.ts';
import { examineRunning } from './examine-running.ts';
import type { ConsoleParts } from './console-parts.ts';

/** Milliseconds for which findings hold: the checks ask the provider and GitHub. */
const FRESH_MS = 60_000;

/** Milliseconds for all checks. */
const PATIENCE_MS = 30_000;

/** Returns a function that checks the setup of the running gateway; all who ask at once share one run. */
export function createChecks(all: ConsoleParts): (isAgain: boolean) => Promise<Checks> {
  let latest: Checks | undefined;
  let running: Promise<Checks> | undefined;

  async function run(): Promise<Checks> {
    const { parts, options, status } = all;
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const findings: Checks['findings'] = [];
    for await (const finding of examineRunning({ parts, options, status, signal })) findings.push(finding);
    latest = { at: Date.now(), findings };
    return latest;
  }

  return async (isAgain) => {
    const isFresh = latest !== undefined && Date.now() - latest.at < FRESH_MS;
    if (latest !== undefined && isFresh && !isAgain) return latest;
    return await (running ??= run().finally(() => (running = undefined)));
  };
}
