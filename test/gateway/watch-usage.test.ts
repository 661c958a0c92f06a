import { describe, expect, it } from 'vitest';
import { createObserver } from '../../src/app/log/observer.ts';
import { ClientGoneError, GatewayError } from '../../src/base/errors.ts';
import type { ObservationScope } from '../../src/base/observation.ts';
import type { TurnEnd, TurnEvent } from '../../src/conversation/turn-event.ts';
import { NO_USAGE, type Usage } from '../../src/conversation/usage.ts';
import { watchUsage } from '../../src/gateway/watch-usage.ts';
import { AnswerCutError } from '../../src/gateway/turn/watch-turn.ts';

/** Has 400 bytes of prompt. */
const TURN = {
  model: 'm',
  items: [
    {
      type: 'message' as const,
      role: 'user' as const,
      path: 'messages[0]',
      parts: [{ type: 'text' as const, text: 'a'.repeat(400) }],
    },
  ],
};
const START: TurnEvent = { type: 'turn-start', adjustments: [] };
const TEXT: TurnEvent = { type: 'text-delta', text: 'b'.repeat(40) };
const endWith = (usage: Usage | null): TurnEnd => ({
  type: 'turn-end',
  reason: 'stop',
  isComplete: true,
  usage,
});
const REPORTED = { ...NO_USAGE, inputTokens: 7, outputTokens: 3, totalTokens: 10 };

/** Watches an answer whose turns bring these events, and returns what it reports as input and output. */
function watch() {
  const controller = new AbortController();
  const reports: [input: number, output: number][] = [];
  const usage = watchUsage(controller.signal, ({ inputTokens, outputTokens }) =>
    reports.push([inputTokens, outputTokens]),
  );
  return {
    reports,
    note: (event: TurnEnd) => usage.note({ events: [event] }),
    async abort(reason?: unknown) {
      controller.abort(reason);
      await Promise.resolve();
    },
    async read(...events: TurnEvent[]) {
      async function* arrive() {
        yield events;
      }
      await Array.fromAsync(usage.watch(TURN, arrive()));
    },
  };
}

const FAILURE = new GatewayError('provider_failed', 'The provider failed.');

describe('the tokens of an answer', () => {
  it('that ends are those of its end, also if its reader leaves afterwards', async () => {
    const { read, note, abort, reports } = watch();
    await read(START, TEXT, endWith(REPORTED));
    note(endWith(REPORTED));
    await abort(new ClientGoneError());
    expect(reports).toEqual([[7, 3]]);
  });

  it('whose client leaves before its end are estimated by the prompt and by what has come', async () => {
    const { read, abort, reports } = watch();
    await read(START, TEXT);
    await abort(new ClientGoneError());
    expect(reports).toEqual([[100, 10]]);
  });

  it('whose turn has ended are those that Codex reported, although the client did not read the end', async () => {
    const { read, abort, reports } = watch();
    await read(START, TEXT, endWith(REPORTED));
    await abort();
    expect(reports).toEqual([[7, 3]]);
  });

  it('that is broken off in a later turn are those of all turns', async () => {
    const { read, abort, reports } = watch();
    await read(START, TEXT, endWith(REPORTED));
    await read(START, TEXT);
    await abort(new ClientGoneError());
    expect(reports).toEqual([[107, 13]]);
  });

  it('that fails after some text are estimated', async () => {
    const { read, abort, reports } = watch();
    await read(START, TEXT);
    await abort(FAILURE);
    expect(reports).toEqual([[100, 10]]);
  });

  it.each<[what: string, events: TurnEvent[], reason: Error]>([
    ['that is refused before it brings anything', [START], FAILURE],
    ['whose client leaves before Codex has taken it', [], new ClientGoneError()],
    ['that the gateway cuts, whose end comes with its usage', [START, TEXT], new AnswerCutError()],
  ])('%s are not counted', async (_what, events, reason) => {
    const { read, abort, reports } = watch();
    await read(...events);
    await abort(reason);
    expect(reports).toEqual([]);
  });

  it('that is broken off by a connection that closes belong to its request, whose key the metrics count', async () => {
    const scopes: ObservationScope[] = [];
    const observer = createObserver([(_, scope) => scopes.push(scope)]);
    const scope = { id: 'req_1' };
    const controller = new AbortController();
    await observer.within(scope, async () => {
      const report = (usage: Usage) => observer.observe({ type: 'answer-usage', model: 'm', usage });
      const usage = watchUsage(controller.signal, report);
      async function* arrive() {
        yield [START, TEXT];
      }
      await Array.fromAsync(usage.watch(TURN, arrive()));
    });
    // As when its connection closes.
    controller.abort(new ClientGoneError());
    await Promise.resolve();
    expect(scopes).toEqual([scope]);
  });
});
