import { describe, expect, it } from 'vitest';
import type { TurnEvent } from '../../../src/conversation/turn-event.ts';
import { NO_USAGE, type Usage } from '../../../src/conversation/usage.ts';
import { askForJson } from '../../../src/gateway/answer/ask-for-json.ts';
import { scriptTurns, TURN } from '../../support/script-turns.ts';

const text = (value: string): TurnEvent => ({ type: 'text-delta', text: value });
const end = (usage: Usage | null = null): TurnEvent => ({
  type: 'turn-end',
  reason: 'stop',
  isComplete: true,
  usage,
});
const tokens = (totalTokens: number): Usage => ({ ...NO_USAGE, totalTokens });

interface Options {
  readonly isText?: boolean;
  readonly spent?: Usage | null;
}

/** Asks for a text `good`; returns what goes on, and what comes out. */
async function ask(
  script: readonly (readonly TurnEvent[])[],
  { isText = true, spent = NO_USAGE }: Options = {},
) {
  const { run, turns } = scriptTurns(script);
  const batches = askForJson(run, {
    turn: TURN,
    path: 'format',
    isText,
    spent,
    read: async (answer) => (answer === 'good' ? { value: 1 } : { problem: `it is ${answer}.` }),
  });
  const events: TurnEvent[] = [];
  for (;;) {
    const { value, done } = await batches.next();
    if (done === true) return { events, turns, answer: value };
    events.push(...value);
  }
}

describe('a question for JSON', () => {
  it('resolves to the value of the first answer that can be read', async () => {
    const { events, answer, turns } = await ask([[text('go'), text('od'), end(tokens(3))]]);
    expect(events).toEqual([]);
    expect(answer).toEqual({ value: 1, end: end(tokens(3)) });
    expect(turns).toEqual([TURN]);
  });

  it('shows the model its answer and what is wrong with it, once', async () => {
    const { events, answer, turns } = await ask([
      [text('bad'), end(tokens(3))],
      [text('good'), end(tokens(4))],
    ]);
    expect(events).toEqual([
      { type: 'adjustment', adjustment: { path: 'format', from: 'answer', to: 'repaired' } },
    ]);
    expect(answer).toEqual({ value: 1, end: end(tokens(7)) });
    expect(turns[1]!.items).toEqual([
      { type: 'message', role: 'assistant', parts: [{ type: 'text', text: 'bad' }], path: 'instructions' },
      {
        type: 'message',
        role: 'developer',
        parts: [
          {
            type: 'text',
            text: 'Your answer cannot be used: it is bad.\nAnswer again, with the whole corrected JSON and nothing else.',
          },
        ],
        path: 'instructions',
      },
    ]);
  });

  it('fails after two answers that cannot be read, and keeps their words out of the log', async () => {
    await expect(
      ask([
        [text('bad'), end()],
        [text('worse'), end()],
      ]),
    ).rejects.toMatchObject({
      code: 'invalid_answer',
      message: 'The model twice gave an answer that is not the JSON asked for: the second is worse.',
      detail: { logMessage: 'The model twice gave an answer that is not the JSON asked for.' },
    });
  });

  it('adds earlier usage, and reports none if a part of it is unknown', async () => {
    expect((await ask([[text('good'), end(tokens(3))]], { spent: tokens(2) })).answer?.end).toEqual(
      end(tokens(5)),
    );
    expect((await ask([[text('good'), end(tokens(3))]], { spent: null })).answer?.end.usage).toBeNull();
    const repaired = await ask([
      [text('bad'), end()],
      [text('good'), end(tokens(3))],
    ]);
    expect(repaired.answer?.end.usage).toBeNull();
  });

  it.each([
    [true, [text('go')]],
    [false, []],
  ])('passes on a cut answer, with its text only if that is the answer’s own: %s', async (isText, texts) => {
    const cut: TurnEvent = { type: 'turn-end', reason: 'length', isComplete: false, usage: tokens(1) };
    const { events, answer } = await ask([[text('go'), cut]], { isText });
    expect(answer).toBeUndefined();
    expect(events).toEqual([...texts, cut]);
  });
});
