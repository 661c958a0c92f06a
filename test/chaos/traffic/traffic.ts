import { setTimeout as sleep } from 'node:timers/promises';
import type { Run } from '../run.ts';
import type { Random } from '../random.ts';
import { askStreamed, askWhole } from './chat.ts';
import type { Exchange, Verdict } from './exchange.ts';

/** A request that has not ended after this time never will, even on a machine that others use as well. */
const LIMIT_MS = 240_000;

const KINDS: Readonly<Record<string, (exchange: Exchange) => Promise<Verdict>>> = {
  'chat whole': askWhole,
  'chat stream': askStreamed,
};

/** Sends requests one after the other until the signal aborts; returns when the last one has ended. */
export async function runActor(run: Run, name: string, until: AbortSignal): Promise<void> {
  const random = run.random.fork(name);
  for (let count = 0; !until.aborted; count += 1) {
    await makeRequest(run, random, `${name}-${count}`);
    await sleep(random.between(20, 300), undefined, { signal: until }).catch(() => {});
  }
}

async function makeRequest({ gateway, journal, provider }: Run, random: Random, id: string): Promise<void> {
  const kind = random.pick(Object.keys(KINDS));
  const directive = { id, pieces: random.between(1, 20), pauseMs: random.between(0, 40) };
  const startedMs = journal.nowMs();
  const signal = AbortSignal.timeout(LIMIT_MS);
  const verdict = await KINDS[kind]!({ directive, origin: gateway.origin(), signal }).catch(
    (error: unknown) => describeBreak(error, signal),
  );
  journal.record({
    id,
    kind,
    startedMs,
    endedMs: journal.nowMs(),
    asked: provider.takeAsked(id),
    ...verdict,
  });
}

/** Returns the verdict about a request whose connection failed. */
function describeBreak(error: unknown, { aborted }: AbortSignal): Verdict {
  if (aborted) return { outcome: 'hung' };
  const { code = 'none', message } = error as NodeJS.ErrnoException;
  const isRefused = code === 'ECONNREFUSED';
  return { outcome: isRefused ? 'unreachable' : 'cut', detail: `${code} ${message}` };
}
