import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../src/base/json.ts';
import type { AnswerBatch, AnswerEvent } from '../../../../src/conversation/turn-event.ts';
import { collectResponse } from '../../../../src/openai/responses/response/collect-response.ts';
import { encodeResponseStream } from '../../../../src/openai/responses/response/encode-stream.ts';
import type { ResponseEvent } from '../../../../src/openai/responses/output/response-event.ts';
import type { ResponseAnswer } from '../../../../src/openai/responses/response/response-options.ts';
import type { ResponsePresentation } from '../../../../src/openai/responses/request/decode.ts';
import { splitInto } from '../../../support/answer-batches.ts';
import { checkResponse } from '../../../support/response-checker.ts';
import { checkResponseEvents } from '../../../support/response-stream-checker.ts';
import { loadWireChecker } from '../../../support/wire-checker.ts';
import {
  createResponseAnswer,
  ENVELOPE,
  readAll,
  STOP,
  PRESENTATION,
  typesOf,
} from '../../../support/write-response.ts';

const checkWire = await loadWireChecker();

const text = (text: string): AnswerEvent => ({ type: 'text-delta', text });
const thought = (text: string, paragraph: string, id?: string): AnswerEvent => ({
  type: 'reasoning-delta',
  text,
  paragraph,
  id,
});
const start = (phase?: 'commentary' | 'final_answer'): AnswerEvent => ({ type: 'message-start', phase });
const seal = (id?: string, encrypted?: string): AnswerEvent => ({ type: 'reasoning-end', id, encrypted });
const call = (name: string, args: string, more: object = {}): AnswerEvent => ({
  type: 'tool-call',
  callId: 'call_1',
  name,
  arguments: args,
  ...more,
});
const passthrough = (item: JsonObject): AnswerEvent => ({ type: 'passthrough-item', item, isCall: false });
const cite = (begin: number, end: number): AnswerEvent => ({
  type: 'citation',
  url: 'https://a.test/',
  title: 'A',
  start: begin,
  end,
});

/** The events of an answer, which the checker has found good. */
async function stream(events: readonly AnswerEvent[], presentation: ResponsePresentation = PRESENTATION) {
  const answer = Promise.resolve(createResponseAnswer([...events, STOP]));
  const told = await readAll(encodeResponseStream(answer, { envelope: ENVELOPE, presentation }).events);
  expect(checkResponseEvents(told, checkWire)).toEqual([]);
  return told;
}

/** The items of the whole response. */
async function itemsOf(
  events: readonly AnswerEvent[],
  presentation: ResponsePresentation = PRESENTATION,
): Promise<JsonObject[]> {
  await stream(events, presentation);
  const answer = Promise.resolve(createResponseAnswer([...events, STOP]));
  const response = await collectResponse(answer, { envelope: ENVELOPE, presentation }).body;
  expect(checkResponse(response, checkWire)).toEqual([]);
  return response.output as JsonObject[];
}

const said = (text: string, more: object = {}) => ({ content: [{ type: 'output_text', text, ...more }] });
const id = (prefix: string) => expect.stringMatching(new RegExp(`^${prefix}_[0-9a-f]+$`));

describe('output messages', () => {
  it('begin where the model begins one, each with its phase', async () => {
    const items = await itemsOf([
      start('commentary'),
      text('Let '),
      text('me.'),
      start('final_answer'),
      text('So.'),
    ]);
    expect(items).toMatchObject([
      { id: id('msg'), type: 'message', role: 'assistant', phase: 'commentary', ...said('Let me.') },
      { id: id('msg'), phase: 'final_answer', ...said('So.') },
    ]);
  });

  it('have no phase when the model does not begin them explicitly', async () => {
    const [item] = await itemsOf([text('So.')]);
    expect(item).toMatchObject(said('So.'));
    expect(item).not.toHaveProperty('phase');
  });

  it('are left out when they have no text', async () => {
    expect(await itemsOf([start('commentary'), start(), text(''), start()])).toEqual([]);
  });

  it('cite places in their own text', async () => {
    const events = [start(), text('Hello'), cite(0, 5), start(), text('you'), cite(5, 8), cite(6, 7)];
    expect(await itemsOf(events)).toMatchObject([
      said('Hello', { annotations: [{ type: 'url_citation', start_index: 0, end_index: 5 }] }),
      said('you', {
        annotations: [
          { url: 'https://a.test/', title: 'A', start_index: 0, end_index: 3 },
          { start_index: 1, end_index: 2 },
        ],
      }),
    ]);
  });

  it('drop citations of places outside their text', async () => {
    const events = [cite(0, 1), start(), text('Hello'), start(), text('you'), cite(0, 5), cite(5, 20)];
    expect(await itemsOf(events)).toMatchObject([
      said('Hello', { annotations: [] }),
      said('you', { annotations: [] }),
    ]);
  });
});

describe('output reasoning', () => {
  it('has a summary part for each paragraph', async () => {
    const items = await itemsOf([
      thought('First ', 'a', 'rs_9'),
      thought('this.', 'a', 'rs_9'),
      thought('Then.', 'b', 'rs_9'),
      seal('rs_9', 'x'),
    ]);
    expect(items).toEqual([
      {
        id: 'rs_9',
        type: 'reasoning',
        status: 'completed',
        summary: [
          { type: 'summary_text', text: 'First this.' },
          { type: 'summary_text', text: 'Then.' },
        ],
      },
    ]);
  });

  it('has the provider’s id when only its end is known', async () => {
    expect(await itemsOf([seal('rs_9', 'x')])).toMatchObject([{ id: 'rs_9', summary: [] }]);
    expect(await itemsOf([seal()])).toMatchObject([{ id: id('rs'), summary: [] }]);
  });

  it.each([
    ['is missing at its end', 'rs_9', undefined, ['rs_9']],
    ['is never known', undefined, undefined, [id('rs')]],
  ])('is finished when its id %s', async (_name, given, last, ids) => {
    const items = await itemsOf([thought('Hm.', 'a', given), seal(last, 'x')]);
    expect(items.map((item) => item.id)).toEqual(ids);
  });

  it('never gets the encrypted content of another reasoning item', async () => {
    const include = new Set(['reasoning.encrypted_content']);
    const events = [thought('a', 'a'), thought('b', 'b', 'rs_1'), seal('rs_2', 'y')];
    expect(await itemsOf(events, { ...PRESENTATION, include })).toEqual([
      {
        id: id('rs'),
        type: 'reasoning',
        status: 'completed',
        summary: [{ type: 'summary_text', text: 'a' }],
      },
      { id: 'rs_1', type: 'reasoning', status: 'completed', summary: [{ type: 'summary_text', text: 'b' }] },
      { id: 'rs_2', type: 'reasoning', status: 'completed', summary: [], encrypted_content: 'y' },
    ]);
  });

  it('gets a new id when the provider repeats one', async () => {
    expect(await itemsOf([seal('rs_9'), seal('rs_9')])).toMatchObject([{ id: 'rs_9' }, { id: id('rs') }]);
  });

  it('ends when another item begins', async () => {
    const items = await itemsOf([thought('Hm.', 'a'), text('So.'), thought('Hm?', 'b'), call('f', '{}')]);
    expect(items.map(({ type }) => type)).toEqual(['reasoning', 'message', 'reasoning', 'function_call']);
  });

  it('includes encrypted content for a client that asks for it', async () => {
    const include = new Set(['reasoning.encrypted_content']);
    const [item] = await itemsOf([thought('Hm.', 'a', 'rs_9'), seal('rs_9', 'x')], {
      ...PRESENTATION,
      include,
    });
    expect(item).toMatchObject({ encrypted_content: 'x' });
  });
});

describe('output calls', () => {
  it('of functions are streamed with a delta of their arguments', async () => {
    const events = [call('f', '{"a":1}', { namespace: 'tools' })];
    expect(await itemsOf(events)).toEqual([
      {
        id: id('fc'),
        type: 'function_call',
        status: 'completed',
        call_id: 'call_1',
        name: 'f',
        namespace: 'tools',
        arguments: '{"a":1}',
      },
    ]);
    expect(typesOf(await stream(events)).slice(2, -1)).toEqual([
      'response.output_item.added',
      'response.function_call_arguments.delta',
      'response.function_call_arguments.done',
      'response.output_item.done',
    ]);
  });

  it.each([
    ["in the provider's own form", call('patch', 'a text', { custom: true }), new Set<string>()],
    ['as functions', call('patch', '{"input":"a text"}'), new Set(['patch'])],
  ])('of custom tools carry their text when they come %s', async (_name, event, customTools) => {
    const presentation = { ...PRESENTATION, customTools };
    expect(await itemsOf([event], presentation)).toEqual([
      {
        id: id('ctc'),
        type: 'custom_tool_call',
        status: 'completed',
        call_id: 'call_1',
        name: 'patch',
        input: 'a text',
      },
    ]);
    expect(typesOf(await stream([event], presentation)).slice(3, -2)).toEqual([
      'response.custom_tool_call_input.delta',
      'response.custom_tool_call_input.done',
    ]);
  });
});

describe('output items that the provider wrote', () => {
  const SEARCH = { type: 'web_search_call', action: { type: 'search', queries: ['x'], sources: [] } };

  it('stream the progress of a web search', async () => {
    expect(typesOf(await stream([passthrough({ ...SEARCH, id: 'ws_1' })])).slice(2, -1)).toEqual([
      'response.output_item.added',
      'response.web_search_call.in_progress',
      'response.web_search_call.searching',
      'response.web_search_call.completed',
      'response.output_item.done',
    ]);
  });

  it('keep a unique id and get one when it is missing or repeated', async () => {
    const items = await itemsOf([
      passthrough({ ...SEARCH, id: 'ws_1' }),
      passthrough({ ...SEARCH, id: 'ws_1' }),
      passthrough(SEARCH),
    ]);
    expect(items).toMatchObject([{ id: 'ws_1', status: 'completed' }, { id: id('ws') }, { id: id('ws') }]);
  });

  it.each([undefined, { type: 'other' }])(
    'show an unknown web search action as a search: %j',
    async (action) => {
      expect(await itemsOf([passthrough({ type: 'web_search_call', action })])).toMatchObject([
        { action: { type: 'search' } },
      ]);
    },
  );

  it('include sources for a client that asks for them', async () => {
    const include = new Set(['web_search_call.action.sources']);
    expect(await itemsOf([passthrough(SEARCH)])).toMatchObject([
      { action: { type: 'search', queries: ['x'] } },
    ]);
    expect((await itemsOf([passthrough(SEARCH)]))[0]?.action).not.toHaveProperty('sources');
    expect((await itemsOf([passthrough(SEARCH)], { ...PRESENTATION, include }))[0]?.action).toHaveProperty(
      'sources',
    );
  });

  it('are otherwise unchanged', async () => {
    const search = {
      id: 'tsc_1',
      type: 'tool_search_call',
      call_id: 'call_2',
      execution: 'client',
      status: 'completed',
      arguments: { query: 'x' },
    };
    expect(await itemsOf([passthrough(search)])).toEqual([search]);
  });
});

const EVENTS: fc.Arbitrary<AnswerEvent> = fc.oneof(
  fc.constantFrom<AnswerEvent>(
    { type: 'progress' },
    start(),
    start('commentary'),
    start('final_answer'),
    seal(),
    seal('rs_1', 'x'),
    seal('rs_2', 'y'),
    call('f', ''),
    call('f', '{"a":1}'),
    call('patch', '{"input":"a"}'),
    call('patch', 'a', { custom: true, namespace: 'tools' }),
    passthrough({ type: 'web_search_call', id: 'ws_1', action: { type: 'search', queries: [] } }),
    passthrough({ type: 'tool_search_call', call_id: null, execution: 'server', arguments: {} }),
  ),
  fc.string().map(text),
  fc
    .tuple(fc.string(), fc.constantFrom('a', 'b'), fc.constantFrom(undefined, 'rs_1', 'rs_2'))
    .map(([words, key, known]) => thought(words, key, known)),
  fc.tuple(fc.nat(20), fc.nat(20)).map(([begin, end]) => cite(begin, end)),
);

const ENDS = fc.constantFrom<AnswerEvent | Error>(
  STOP,
  { ...STOP, reason: 'tool-calls' },
  { ...STOP, reason: 'length', isComplete: false },
  { ...STOP, reason: 'content-filter', isComplete: false },
  new Error('boom'),
);

it('any events make a stream that clients can read and an equal collected response', async () => {
  const includes = fc.constantFrom([], ['reasoning.encrypted_content']);
  const property = fc.asyncProperty(fc.array(EVENTS), ENDS, includes, async (events, end, include) => {
    const presentation = { ...PRESENTATION, include: new Set(include), customTools: new Set(['patch']) };
    const fails = end instanceof Error;
    const list = fails ? events : [...events, end];
    const write = () => Promise.resolve(createResponseAnswer(list, fails ? end : undefined));
    const { events: told, heartbeat } = encodeResponseStream(write(), { envelope: ENVELOPE, presentation });
    const all = readAll(told);
    // Later failures are reported within the stream.
    const beats = heartbeat();
    const whole = [...beats, ...(await all)];
    expect(checkResponseEvents(whole, checkWire)).toEqual([]);
    if (fails) return;
    const { output } = whole.at(-1)!.response as { output: JsonObject[] };
    const collected = await collectResponse(write(), { envelope: ENVELOPE, presentation }).body;
    expect(checkResponse(collected, checkWire)).toEqual([]);
    expect(withoutIds(collected.output as JsonObject[])).toEqual(withoutIds(output));
  });
  await fc.assert(property, { numRuns: 200 });
});

it('the events of a stream are the same however those of the answer are batched', async () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 4 }));
  const property = fc.asyncProperty(fc.array(EVENTS), sizes, async (events, batchSizes) => {
    const list = [...events, STOP];
    async function* say(): AsyncGenerator<AnswerBatch> {
      for (const batch of splitInto(list, batchSizes)) yield { index: 0, events: batch };
    }
    const write = (answer: ResponseAnswer) =>
      encodeResponseStream(Promise.resolve(answer), { envelope: ENVELOPE, presentation: PRESENTATION });
    const single = createResponseAnswer(list);
    const inBatches = await Array.fromAsync(write({ ...single, events: say() }).events);
    // Also in the order of their fields, which people read; the time of the end may differ.
    const told = (all: readonly ResponseEvent[]) => JSON.stringify(all).replaceAll(/"completed_at":\d+/g, '');
    expect(told(inBatches.flat())).toBe(told(await readAll(write(single).events)));
  });
  await fc.assert(property);
});

const withoutIds = (items: readonly JsonObject[]) => items.map((item) => ({ ...item, id: undefined }));

it('a collected response throws the failure of its turn', async () => {
  const answer = Promise.resolve(createResponseAnswer([text('Hello')], new Error('boom')));
  await expect(
    collectResponse(answer, { envelope: ENVELOPE, presentation: PRESENTATION }).body,
  ).rejects.toThrow('boom');
});

it('a collected response is stored with encrypted content before it is returned', async () => {
  const kept: JsonObject[] = [];
  const answer = Promise.resolve(createResponseAnswer([seal('rs_1', 'x'), STOP]));
  const onStatus = async (body: JsonObject) => void kept.push(body);
  const response = await collectResponse(answer, { envelope: ENVELOPE, presentation: PRESENTATION, onStatus })
    .body;
  expect(kept).toMatchObject([{ status: 'completed', output: [{ encrypted_content: 'x' }] }]);
  expect(JSON.stringify(response)).not.toContain('encrypted');
});
