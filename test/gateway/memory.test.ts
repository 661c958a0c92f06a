import { expect, it } from 'vitest';
import { NEVER_ABORTED } from '../../src/base/async/abort.ts';
import type { TurnEvent } from '../../src/conversation/turn-event.ts';
import { collectGarbage } from '../support/collect-garbage.ts';
import { createScriptedGateway, PLAIN_REQUEST } from '../support/scripted-gateway.ts';
import { createTurnRun } from '../support/turn-run.ts';

const START: TurnEvent = { type: 'turn-start', adjustments: [] };
const TEXT: TurnEvent = { type: 'text-delta', text: 'Hel' };
const END: TurnEvent = { type: 'turn-end', reason: 'stop', isComplete: true, usage: null };

it.each([
  ['has been read', [START, TEXT, END], undefined],
  ['fails after its first event', [START, TEXT], new Error('broken')],
] as const)('an answer that %s leaves nothing of its request in memory', async (_what, events, failure) => {
  async function* arrive(): AsyncGenerator<TurnEvent> {
    yield* events;
    if (failure !== undefined) throw failure;
  }
  const gateway = createScriptedGateway((_turn, signal) => createTurnRun(arrive(), signal));
  async function ask(): Promise<WeakRef<object>> {
    const turn = { model: 'm', items: [] };
    // Node itself keeps such a signal while somebody listens to it.
    const caller = AbortSignal.any([NEVER_ABORTED]);
    const answer = await gateway.answer({ ...PLAIN_REQUEST, turn }, caller);
    await Array.fromAsync(answer.events).catch((error: unknown) => expect(error).toBe(failure));
    return new WeakRef(caller);
  }
  const caller = await ask();
  const isHeld = async () => {
    await collectGarbage();
    return caller.deref() !== undefined;
  };
  await expect.poll(isHeld).toBe(false);
});
