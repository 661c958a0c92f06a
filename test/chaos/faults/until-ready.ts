import { setTimeout as sleep } from 'node:timers/promises';
import type { Run } from '../run.ts';
import { call } from '../traffic/http-call.ts';

/** No start takes longer. */
export const READY_MS = 60_000;

/** Waits until the gateway says that it is ready, in two looks: it may not have seen yet that its child is gone. */
export async function untilReady({ gateway, tokens }: Run): Promise<void> {
  const signal = AbortSignal.timeout(READY_MS);
  for (let times = 0; times < 2; times += 1) {
    await sleep(100);
    const { status } = await call({ origin: gateway.origin(), token: tokens[0]!, path: '/readyz', signal });
    if (status !== 200) times = -1;
  }
}
