import { NO_USAGE } from '../conversation/usage.ts';
import type { TurnRequest } from '../conversation/turn-request.ts';
import type { Answer, Gateway } from './gateway.ts';

/** Answers a request that only prepares later ones with an answer that says nothing; no model is asked. */
export async function warmUp(
  gateway: Pick<Gateway, 'resolveRequest'>,
  request: TurnRequest,
  signal: AbortSignal,
): Promise<Answer> {
  return { ...(await gateway.resolveRequest(request, signal)), events: end() };
}

async function* end(): Answer['events'] extends AsyncIterable<infer E> ? AsyncGenerator<E> : never {
  yield { index: 0, value: { type: 'turn-end', reason: 'stop', isComplete: true, usage: NO_USAGE } };
}
