import { describe, expect, it } from 'vitest';
import { flatten } from '../../support/flatten.ts';
import { GatewayError } from '../../../src/base/errors.ts';
import type { Tool } from '../../../src/conversation/tool.ts';
import type { StopReason, TurnEvent } from '../../../src/conversation/turn-event.ts';
import type { Turn } from '../../../src/conversation/turn.ts';
import { NO_USAGE, type Usage } from '../../../src/conversation/usage.ts';
import { requireCall } from '../../../src/gateway/answer/require-call.ts';
import type { Run } from '../../../src/gateway/answer/stage.ts';
import type { Check } from '../../../src/gateway/answer/verify-format.ts';
import { scriptTurns } from '../../support/script-turns.ts';

const LOOK: Tool = {
  name: 'look',
  description: 'Looks.',
  parameters: {
    type: 'object',
    properties: { at: { type: 'string' } },
    required: ['at'],
    additionalProperties: false,
  },
  strict: true,
  path: 'tools[0].function',
};
/** A tool whose schema is none for strict structured outputs. */
const OPEN: Tool = { ...LOOK, parameters: { type: 'object', additionalProperties: { type: 'string' } } };

const USAGE: Usage = { ...NO_USAGE, inputTokens: 2, totalTokens: 2 };
const text = (value: string): TurnEvent => ({ type: 'text-delta', text: value });
const end = (reason: StopReason, isComplete = true): TurnEvent => ({
  type: 'turn-end',
  reason,
  isComplete,
  usage: USAGE,
});
const CALL: TurnEvent = { type: 'tool-call', callId: 'c', name: 'look', arguments: '{}' };
const JSON_CALL = '{"call":{"name":"look","arguments":{"at":"sky"}}}';
const notice = (from: string, to: string): TurnEvent => ({
  type: 'adjustment',
  adjustment: { path: 'callRequired', from, to },
});

const passes: Check = async () => undefined;

interface Options {
  readonly tool?: Tool;
  readonly stop?: readonly string[];
  readonly check?: Check;
}

/** The events of an answer that has to call the tool, where the model says what is given, turn by turn. */
async function answer(
  script: readonly (readonly TurnEvent[])[] | Run,
  { tool = LOOK, stop = [], check = passes }: Options = {},
) {
  const scripted = scriptTurns(typeof script === 'function' ? [] : script);
  const run = typeof script === 'function' ? script : scripted.run;
  const turn: Turn = { model: 'm', items: [], tools: [tool] };
  const stage = requireCall({ turn, stop, callRequired: 'required' }, check);
  return { events: await Array.fromAsync(flatten(stage(run)(turn))), turns: scripted.turns };
}

describe('an answer that calls a tool by itself', () => {
  it('is passed on after its end, with its text before a stop sequence', async () => {
    const { events, turns } = await answer([[text('I look. STOP'), CALL, end('tool-calls')]], {
      stop: ['STOP'],
    });
    expect(events).toEqual([text('I look. '), CALL, end('tool-calls')]);
    expect(turns).toHaveLength(1);
  });

  it('passes progress and reasoning on at once', async () => {
    const progress: TurnEvent[] = [
      { type: 'progress' },
      { type: 'reasoning-delta', text: 'hm', paragraph: 'a' },
    ];
    const { events } = await answer([[...progress, CALL, end('tool-calls')]]);
    expect(events.slice(0, 2)).toEqual(progress);
  });
});

describe('an answer that was cut or refused', () => {
  it.each([end('length', false), end('content-filter')])('is passed on as it is: %j', async (last) => {
    const { events, turns } = await answer([[text('No'), last]]);
    expect(events).toEqual([text('No'), last]);
    expect(turns).toHaveLength(1);
  });
});

describe('an answer without a call', () => {
  it('is held back, and the call is asked for as JSON that the provider enforces', async () => {
    const { events, turns } = await answer([
      [text('It is blue.'), end('stop')],
      [text(JSON_CALL), end('stop')],
    ]);
    expect(events).toEqual([
      notice('required', 'output_schema'),
      { type: 'tool-call', callId: expect.stringMatching(/^call_/), name: 'look', arguments: '{"at":"sky"}' },
      { ...end('tool-calls'), usage: { ...USAGE, inputTokens: 4, totalTokens: 4 } },
    ]);
    expect(turns[1]).toMatchObject({ expectsCalls: true, items: [] });
    expect(turns[1]!.tools).toBeUndefined();
    expect(turns[1]!.outputSchema).toBeDefined();
  });

  it('is asked for a call by instructions when the schema cannot be strict', async () => {
    const { events, turns } = await answer(
      [
        [text('It is blue.'), end('stop')],
        [text(JSON_CALL), end('stop')],
      ],
      { tool: OPEN },
    );
    expect(events[0]).toEqual(notice('required', 'instructed'));
    expect(turns[1]!.outputSchema).toBeUndefined();
    expect(turns[1]!.items).toMatchObject([{ role: 'developer' }]);
  });

  it('is asked for a call when it called a tool that was not offered, of unknown cost', async () => {
    let count = 0;
    const run: Run = async function* failFirst() {
      count += 1;
      if (count === 1) throw new GatewayError('unknown_tool_call', 'No such tool.');
      yield [text(JSON_CALL), end('stop')];
    };
    const { events } = await answer(run);
    expect(events.at(-1)).toMatchObject({ type: 'turn-end', reason: 'tool-calls', usage: null });
  });

  it('is repaired once when its JSON is not a call, and the texts of both turns are dropped', async () => {
    const { events, turns } = await answer([
      [end('stop')],
      [text('look!'), end('stop')],
      [text(JSON_CALL), end('stop')],
    ]);
    expect(events.map(({ type }) => type)).toEqual(['adjustment', 'adjustment', 'tool-call', 'turn-end']);
    expect(turns[2]!.items).toMatchObject([
      { role: 'assistant', parts: [{ text: 'look!' }] },
      { role: 'developer', parts: [{ text: expect.stringContaining('it is not the JSON of a call.') }] },
    ]);
  });

  it('fails when its JSON is not a call for the second time', async () => {
    const turns = [[end('stop')], [text('look!'), end('stop')], [text('{}'), end('stop')]];
    await expect(answer(turns)).rejects.toMatchObject({
      code: 'invalid_answer',
      message:
        'The model twice gave an answer that is not the JSON asked for: the second is not the JSON of a call.',
    });
  });

  it('fails when the arguments twice do not follow the schema of the tool', async () => {
    const paths: string[] = [];
    const check: Check = async (_schema, _value, path) => {
      paths.push(path);
      return "'at' must be integer";
    };
    const turns = [[end('stop')], [text(JSON_CALL), end('stop')], [text(JSON_CALL), end('stop')]];
    await expect(answer(turns, { check })).rejects.toMatchObject({
      message: expect.stringContaining(": in the second, 'at' must be integer."),
    });
    expect(paths).toEqual(Array.from({ length: 2 }, () => 'tools[0].function.parameters'));
  });

  it('passes on the end of a second turn that was cut, without its JSON', async () => {
    const { events } = await answer([[end('stop')], [text('{"call"'), end('length', false)]]);
    expect(events.map(({ type }) => type)).toEqual(['adjustment', 'turn-end']);
  });
});
