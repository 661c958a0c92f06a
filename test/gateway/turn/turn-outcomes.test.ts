import { expect, it, onTestFinished, vi } from 'vitest';
import { abortable } from '../../../src/base/async/abort.ts';
import { ClientGoneError, shuttingDown } from '../../../src/base/errors.ts';
import type { Observation } from '../../../src/base/observation.ts';
import type { TurnEvent } from '../../../src/conversation/turn-event.ts';
import type { TurnRequest } from '../../../src/conversation/turn-request.ts';
import { createObserver } from '../../../src/app/log/observer.ts';
import { ResponseCancelledError } from '../../../src/openai/responses/response/write-response.ts';
import { createScriptedGateway, PLAIN_REQUEST } from '../../support/scripted-gateway.ts';
import { createTurnRun } from '../../support/turn-run.ts';

type TurnEndObservation = Extract<Observation, { type: 'turn-end' }>;

interface AskOptions {
  readonly request?: Partial<TurnRequest>;
  /** Aborts the caller's signal once the turn is under way. */
  readonly reason?: Error;
  readonly deadline?: number;
}

/** Asks for an answer whose turn says a word, and then nothing more; returns what was observed of the turn. */
async function observeTurn({ request, reason, deadline = 60 }: AskOptions): Promise<TurnEndObservation> {
  const ends: TurnEndObservation[] = [];
  const observer = createObserver([(seen) => void (seen.type === 'turn-end' && ends.push(seen))]);
  async function* talk(signal: AbortSignal): AsyncGenerator<TurnEvent> {
    yield { type: 'turn-start', adjustments: [] };
    yield { type: 'text-delta', text: 'one STOP two' };
    await abortable(new Promise<never>(() => {}), signal);
  }
  const gateway = createScriptedGateway((_turn, signal) => createTurnRun(talk(signal), signal), {
    deadlines: { start: 60, firstByte: 60, turn: deadline },
    observer,
  });
  const caller = new AbortController();
  try {
    const { events } = await gateway.answer({ ...PLAIN_REQUEST, ...request }, caller.signal);
    for await (const _batch of events) if (reason) caller.abort(reason);
  } catch {
    // Only what is observed matters here.
  }
  expect(ends).toHaveLength(1);
  return ends[0]!;
}

it.each([
  ['a stop sequence', { stop: ['STOP'] }],
  ['the limit of tokens', { maxTokens: 1 }],
] as const)('a turn whose answer ends at %s has ended well', async (_name, request) => {
  expect(await observeTurn({ request })).toMatchObject({ outcome: 'ok' });
});

it.each([
  ['whose client leaves', new ClientGoneError(), 'client_gone'],
  ['of a response that is cancelled', new ResponseCancelledError(), 'client_gone'],
  ['that the shutdown ends', shuttingDown(), 'shutting_down'],
  ['that fails for an unknown reason', new Error('odd'), 'internal_error'],
] as const)('a turn %s ends with its own outcome', async (_name, reason, outcome) => {
  expect(await observeTurn({ reason })).toMatchObject({ outcome });
});

it('a turn that passes its deadline ends with the code of that', async () => {
  expect(await observeTurn({ deadline: 0.01 })).toMatchObject({ outcome: 'turn_timeout' });
});

it('a clock that is set back makes no turn shorter', async () => {
  const start = Date.now();
  let reads = 0;
  const clock = vi.spyOn(Date, 'now').mockImplementation(() => start - 1000 * reads++);
  onTestFinished(() => clock.mockRestore());
  expect((await observeTurn({ request: { stop: ['STOP'] } })).ms).toBeGreaterThanOrEqual(0);
});
