import { sleep } from '../../base/async/sleep.ts';
import { z } from 'zod';
import { isStillRunning, type ProcessIdentity } from '../../service/process/process-identity.ts';
import { formatOrigin } from '../config/address.ts';
import type { Settings } from '../config/config.ts';
import { listRunning, type RunningRecord } from '../gateways/running-gateways.ts';

/** State of a gateway that was started. */
export type LaunchReadiness =
  | { readonly state: 'ready'; readonly record: RunningRecord }
  /** It serves, but cannot answer: `why` has the words of `/readyz`. */
  | { readonly state: 'not-ready'; readonly record: RunningRecord; readonly why: readonly string[] }
  /** It does not listen yet. */
  | { readonly state: 'silent' }
  | { readonly state: 'ended' };

export interface LaunchReadinessOptions {
  readonly stateDirectory: string;
  readonly identity: ProcessIdentity;
  /** Milliseconds for a gateway that answers to become ready. */
  readonly patienceMs: number;
  readonly signal: AbortSignal;
}

const INTERVAL_MS = 50;

/** Milliseconds for a process to answer at all. One that cannot start ends by itself, so that this is rarely waited for. */
const SILENCE_MS = 300_000;

/** Milliseconds for one answer: more than `/readyz` takes while Codex or the disk is silent. */
const TIMEOUT_MS = 5_000;

const readySchema = z.object({ ready: z.boolean(), why: z.array(z.string()).default([]) });

/** Milliseconds beyond the deadline for the start of Codex. */
const MARGIN_MS = 30_000;

/** Returns the milliseconds for a gateway that answers to become ready. */
export function launchPatienceMs({ deadlines }: Pick<Settings, 'deadlines'>): number {
  return deadlines.start * 1000 + MARGIN_MS;
}

/** Waits until a gateway is ready, until nothing but a person can make it so, or until the patience ends. */
export async function waitUntilReady(options: LaunchReadinessOptions): Promise<LaunchReadiness> {
  const { identity, patienceMs, signal } = options;
  const begin = performance.now();
  for (;;) {
    const readiness = await readReadiness(options);
    if (readiness.state === 'ready' || isFinal(readiness)) return readiness;
    if (!isStillRunning(identity)) return { state: 'ended' };
    const limitMs = readiness.state === 'silent' ? SILENCE_MS : patienceMs;
    if (performance.now() >= begin + limitMs) return readiness;
    await sleep(INTERVAL_MS, signal);
  }
}

/** Returns true if waiting longer does not help: somebody has to sign in. */
function isFinal(readiness: LaunchReadiness): boolean {
  return readiness.state === 'not-ready' && readiness.why.length === 1 && readiness.why[0] === 'login';
}

async function readReadiness({
  stateDirectory,
  identity,
  signal,
}: LaunchReadinessOptions): Promise<LaunchReadiness> {
  const records = await listRunning(stateDirectory);
  const record = records.find(({ pid }) => pid === identity.pid);
  if (record === undefined) return { state: 'silent' };
  const answer = await askReady(formatOrigin(record.host, record.port), signal);
  if (answer === undefined) return { state: 'silent' };
  return answer.ready ? { state: 'ready', record } : { state: 'not-ready', record, why: answer.why };
}

async function askReady(
  origin: string,
  signal: AbortSignal,
): Promise<z.output<typeof readySchema> | undefined> {
  try {
    const timeout = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
    const response = await fetch(`${origin}/readyz`, { signal: timeout });
    return readySchema.parse(await response.json());
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}
