import { describe, expect, it } from 'vitest';
import { flatten } from '../../support/flatten.ts';
import type { TurnEvent } from '../../../src/conversation/turn-event.ts';
import type { TurnRequest } from '../../../src/conversation/turn-request.ts';
import type { Turn } from '../../../src/conversation/turn.ts';
import { createPipeline } from '../../../src/gateway/answer/pipeline.ts';
import { scriptTurns } from '../../support/script-turns.ts';
import { PLAIN_REQUEST } from '../../support/scripted-gateway.ts';

const NEVER = new AbortController().signal;
const SCHEMA = {
  type: 'object',
  properties: { a: { type: 'integer' } },
  required: ['a'],
  additionalProperties: false,
};
const TOOL = { name: 'f', description: 'x', parameters: SCHEMA, strict: true, path: 'tools[0]' } as const;
const TURN: Turn = {
  model: 'm',
  items: [{ type: 'message', role: 'user', parts: [{ type: 'text', text: 'Say it.' }], path: 'x' }],
};
const PLAIN: TurnRequest = { ...PLAIN_REQUEST, turn: TURN };

const text = (value: string): TurnEvent => ({ type: 'text-delta', text: value });
const START: TurnEvent = { type: 'turn-start', adjustments: [] };
const END: TurnEvent = { type: 'turn-end', reason: 'stop', isComplete: true, usage: null };
const CALL: TurnEvent = { type: 'tool-call', callId: 'c', name: 'f', arguments: '{}' };

/** Counts characters. */
const tokenizer = {
  count: async (texts: readonly string[]) => texts.join('').length,
  head: async (value: string, limit: number) => ({ text: value.slice(0, limit), tokens: limit }),
};

async function answer(request: Partial<TurnRequest>, ...script: readonly (readonly TurnEvent[])[]) {
  const { run, turns } = scriptTurns(script);
  const checked: unknown[] = [];
  const schemas = {
    async check(_schema: unknown, value: unknown) {
      checked.push(value);
      return undefined;
    },
  };
  let interrupted = 0;
  const pipeline = createPipeline({ ...PLAIN, ...request }, { schemas, tokenizer, signal: NEVER });
  const events = await Array.fromAsync(flatten(pipeline.start(run, () => (interrupted += 1))));
  return { events, turns, checked, interrupted, adjustments: pipeline.adjustments };
}

describe('an answer without requirements', () => {
  it('is passed on unchanged, from an unchanged turn', async () => {
    const events = [START, text('Hi'), END];
    const { turns, interrupted, ...answered } = await answer({}, events);
    expect(answered).toEqual({ events, checked: [], adjustments: [] });
    expect(turns).toEqual([TURN]);
    expect(interrupted).toBe(0);
  });

  it('has commentary as text', async () => {
    const { events } = await answer({}, [{ type: 'commentary-delta', text: 'I look.' }, END]);
    expect(events).toEqual([text('I look.'), END]);
  });

  it('has an estimated usage when the provider cut it', async () => {
    const { events, interrupted } = await answer({}, [text('Hi'), { ...END, isComplete: false }]);
    expect(events.at(-1)).toMatchObject({ usage: { inputTokens: 7, outputTokens: 2, estimated: true } });
    expect(interrupted).toBe(0);
  });
});

describe('an answer that is cut', () => {
  it('ends before a stop sequence, with an estimated usage, and its turn is interrupted', async () => {
    const { events, interrupted } = await answer({ stop: ['STOP'] }, [text('one STOP two'), END]);
    expect(events).toMatchObject([
      text('one '),
      { reason: 'stop', isComplete: false, usage: { outputTokens: 4, estimated: true } },
    ]);
    expect(interrupted).toBe(1);
  });

  it('ends after its tokens', async () => {
    const { events } = await answer({ maxTokens: 3 }, [text('one two'), END]);
    expect(events).toMatchObject([text('one'), { reason: 'length', usage: { outputTokens: 3 } }]);
  });

  it('ends by the limit when a stop sequence comes after it', async () => {
    const { events } = await answer({ stop: ['STOP'], maxTokens: 3 }, [text('one STOP two'), END]);
    expect(events).toMatchObject([text('one'), { reason: 'length' }]);
  });
});

describe('an answer with a format', () => {
  const schema = { type: 'json-schema', schema: SCHEMA, path: 'x' } as const;

  it('streams and is checked when the provider enforces the schema', async () => {
    const { events, turns, checked, adjustments } = await answer({ format: schema }, [
      text('{"a"'),
      text(':1}'),
      END,
    ]);
    expect(events).toEqual([text('{"a"'), text(':1}'), END]);
    expect(turns).toMatchObject([{ outputSchema: SCHEMA, items: TURN.items }]);
    expect(checked).toEqual([{ a: 1 }]);
    expect(adjustments).toEqual([]);
  });

  it('has commentary as reasoning', async () => {
    const { events } = await answer({ format: schema }, [
      { type: 'commentary-delta', text: 'I look.' },
      text('{"a":1}'),
      END,
    ]);
    expect(events[0]).toMatchObject({ type: 'reasoning-delta', text: 'I look.' });
  });

  it('is asked for in words, held back and repaired when the provider cannot enforce it', async () => {
    const { events, turns, adjustments } = await answer(
      { format: { type: 'json-object' } },
      [text('no'), END],
      [text('{}'), END],
    );
    expect(adjustments).toEqual([{ path: 'format', from: 'json_object', to: 'instructed' }]);
    expect(events.map(({ type }) => type)).toEqual(['adjustment', 'text-delta', 'turn-end']);
    expect(turns.map(({ items }) => items.length)).toEqual([2, 4]);
  });

  it('is cut by the token limit of each of its turns', async () => {
    const { events } = await answer({ format: { type: 'json-object' }, maxTokens: 2 }, [
      text('{"a":1}'),
      END,
    ]);
    expect(events).toMatchObject([text('{"'), { reason: 'length' }]);
  });
});

describe('an answer that must call a tool', () => {
  const request = { turn: { ...TURN, tools: [TOOL] }, callRequired: 'required' } as const;

  it('is passed on when it does, with its text before a stop sequence', async () => {
    const ended = { ...END, reason: 'tool-calls' } as const;
    const { events } = await answer({ ...request, stop: ['STOP'] }, [text('one STOP two'), CALL, ended]);
    expect(events).toEqual([text('one '), CALL, ended]);
  });

  it('is held to the token limit in its text, but not in the JSON of the call', async () => {
    const json = '{"call":{"name":"f","arguments":{"a":1}}}';
    const { events, turns } = await answer(
      { ...request, maxTokens: 10 },
      [text('Hi'), END],
      [text(json), END],
    );
    expect(events.at(-2)).toMatchObject({ type: 'tool-call', arguments: '{"a":1}' });
    expect(turns).toHaveLength(2);
    const cut = await answer({ ...request, maxTokens: 1 }, [text('Hi'), END]);
    expect(cut.events).toMatchObject([text('H'), { reason: 'length' }]);
  });

  it('may have any text beside the call when only the gateway could enforce its format', async () => {
    const { adjustments, turns } = await answer({ ...request, format: { type: 'json-object' } }, [
      CALL,
      { ...END, reason: 'tool-calls' },
    ]);
    expect(adjustments).toEqual([{ path: 'format', from: 'json_object', to: 'text' }]);
    expect(turns[0]!.items).toEqual(TURN.items);
  });

  it('keeps the schema of its text when the provider enforces it', async () => {
    const format = { type: 'json-schema', schema: SCHEMA, path: 'x' } as const;
    const { turns, checked } = await answer({ ...request, format }, [CALL, { ...END, reason: 'tool-calls' }]);
    expect(turns[0]).toMatchObject({ outputSchema: SCHEMA });
    expect(checked).toEqual([]);
  });
});

it('the answers to one request share the count of its prompt', async () => {
  let counts = 0;
  const counting = {
    ...tokenizer,
    count: async (texts: readonly string[]) => {
      if (texts.includes('Say it.')) counts += 1;
      return await tokenizer.count(texts);
    },
  };
  const services = { schemas: { check: async () => undefined }, tokenizer: counting, signal: NEVER };
  const pipeline = createPipeline({ ...PLAIN, n: 2, stop: ['x'] }, services);
  const { run } = scriptTurns([
    [text('ax'), END],
    [text('bx'), END],
  ]);
  for (let index = 0; index < 2; index += 1) await Array.fromAsync(pipeline.start(run, () => {}));
  expect(counts).toBe(1);
});
