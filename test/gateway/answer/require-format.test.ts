import { describe, expect, it } from 'vitest';
import { flatten } from '../../support/flatten.ts';
import type { TurnEvent } from '../../../src/conversation/turn-event.ts';
import type { AnswerFormat } from '../../../src/conversation/turn-request.ts';
import { planFormat, requireFormat } from '../../../src/gateway/answer/require-format.ts';
import { scriptTurns, TURN } from '../../support/script-turns.ts';

const OPEN: AnswerFormat = {
  type: 'json-schema',
  schema: { type: 'object', additionalProperties: { type: 'integer' } },
  path: 'x',
};
const CITATION = { type: 'citation', url: 'u', title: 't', start: 0, end: 1 } as const;
const end = (reason: 'stop' | 'length' | 'tool-calls', whole = true): TurnEvent => ({
  type: 'turn-end',
  reason,
  isComplete: whole,
  usage: null,
});
const text = (value: string): TurnEvent => ({ type: 'text-delta', text: value });

/** The events of an answer with the format, where the model says what is given, turn by turn. */
async function answer(format: AnswerFormat, ...answers: readonly (readonly TurnEvent[])[]) {
  const { run, turns } = scriptTurns(answers);
  const check = async (_schema: unknown, value: unknown) =>
    (value as { a: unknown }).a === 'x' ? "'a' must be integer" : undefined;
  const { turn, readHeldText } = planFormat(TURN, format);
  const events = await Array.fromAsync(flatten(requireFormat(readHeldText!, check)(run)(turn)));
  return { events, turns };
}

const OPTIONAL: AnswerFormat = {
  type: 'json-schema',
  schema: {
    type: 'object',
    properties: {
      id: { type: 'integer' },
      sizes: { type: 'array', items: { type: 'number' } },
      note: { type: 'string' },
    },
    required: ['id'],
  },
  path: 'x',
};

describe('an answer to a schema that was made strict', () => {
  it.each([
    [
      '{"id": 12345678901234567890, "sizes": [1.0, 2], "note": "x"}',
      '{"id": 12345678901234567890, "sizes": [1.0, 2], "note": "x"}',
    ],
    [
      '{"id": 12345678901234567890, "sizes": [1.50, 1e2, 3], "note": null}',
      '{"id":12345678901234567890,"sizes":[1.50,1e2,3]}',
    ],
    ['{"note": null, "sizes": null, "id": -9007199254740993}', '{"id":-9007199254740993}'],
  ])('keeps the spelling of its numbers: %s', async (json, expected) => {
    const { events, turns } = await answer(OPTIONAL, [text(json), end('stop')]);
    expect(events).toEqual([text(expected), end('stop')]);
    expect(turns).toMatchObject([{ outputSchema: { required: ['id', 'sizes', 'note'] } }]);
  });
});

describe('an answer that must be JSON', () => {
  it('is passed on verbatim in one piece', async () => {
    const json = '{"a": 12345678901234567890, "b": 1.0}';
    for (const format of [OPEN, { type: 'json-object' }] as const) {
      const { events } = await answer(format, [
        text('```json\n{"a": 123456'),
        text(`${json.slice(12)}\n\`\`\``),
        end('stop'),
      ]);
      expect(events).toEqual([text(json), end('stop')]);
    }
  });

  it('comes before a native call that follows it', async () => {
    const call = { type: 'passthrough-item', isCall: true, item: { type: 'tool_search_call' } } as const;
    const given = [text('I look for a tool.'), call, end('tool-calls')];
    expect((await answer(OPEN, given)).events).toEqual(given);
  });

  it('loses its citations, because the text may be repaired', async () => {
    const first = [text('{"a":"x"}'), CITATION, end('stop')];
    const { events } = await answer(OPEN, first, [text('{"a":1}'), CITATION, end('stop')]);
    expect(events).toEqual([
      { type: 'adjustment', adjustment: { path: 'format', from: 'answer', to: 'repaired' } },
      text('{"a":1}'),
      end('stop'),
    ]);
  });

  it('that was cut off is passed on with all its events', async () => {
    const { events, turns } = await answer(OPEN, [text('{"a'), CITATION, end('length', false)]);
    expect(events).toEqual([text('{"a'), CITATION, end('length', false)]);
    expect(turns).toHaveLength(1);
  });

  it('that was empty is requested again without an empty message', async () => {
    const { turns } = await answer(OPEN, [end('stop')], [text('{}'), end('stop')]);
    const [schema, problem, ...others] = turns[1]!.items;
    expect([schema, problem]).toMatchObject([{ role: 'developer' }, { role: 'developer' }]);
    expect(others).toEqual([]);
  });

  it('passes on progress and reasoning', async () => {
    const thought: TurnEvent = { type: 'reasoning-delta', text: 'hm', paragraph: 'a' };
    const { events } = await answer(OPEN, [{ type: 'progress' }, thought, text('{}'), end('stop')]);
    expect(events).toEqual([{ type: 'progress' }, thought, text('{}'), end('stop')]);
  });
});
