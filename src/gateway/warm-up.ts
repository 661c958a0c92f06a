import { NO_USAGE } from '../conversation/usage.ts';
import type { TurnRequest } from '../conversation/turn-request.ts';
import type { Answer, Gateway } from './gateway.ts';

/** An answer that says nothing, to a request that only prepares those that follow; no model is asked. */
export async function warmUp(
  gateway: Pick<Gateway, 'settle'>,
  request: TurnRequest,
  signal: AbortSignal,
): Promise<Answer> {
  return { ...(await gateway.settle(request, signal)), events: end() };
}

async function* end(): Answer['events'] extends AsyncIterable<infer E> ? AsyncGenerator<E> : never {
  yield { index: 0, value: { type: 'turn-end', reason: 'stop', isComplete: true, usage: NO_USAGE } };
}
