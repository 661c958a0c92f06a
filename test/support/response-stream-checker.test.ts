import { describe, expect, it } from 'vitest';
import type { Json } from './choice-checker.ts';
import {
  checkResponseEvents,
  checkResponseStream,
  type ResponseStreamFacts,
} from './response-stream-checker.ts';
import { RESPONSE } from './sample-response.ts';
import { loadWireChecker } from './wire-checker.ts';

const checkWire = await loadWireChecker();

const number = (events: readonly Json[], first = 0): Json[] =>
  events.map((event, index) => ({ ...event, sequence_number: first + index }));
const check = (events: readonly Json[], facts?: ResponseStreamFacts) =>
  checkResponseEvents(number(events), checkWire, facts);
const write = (events: readonly Json[]) =>
  events.map((event) => `event: ${String(event.type)}\ndata: ${JSON.stringify(event)}\n\n`).join('');

const CREATED = { type: 'response.created', response: RESPONSE };
const BEGUN = { type: 'response.in_progress', response: RESPONSE };
const BEGINNING = [CREATED, BEGUN];
const completed = (...output: Json[]) => ({
  type: 'response.completed',
  response: { ...RESPONSE, status: 'completed', completed_at: 2, output },
});
const incomplete = (...output: Json[]) => ({
  type: 'response.incomplete',
  response: {
    ...RESPONSE,
    status: 'incomplete',
    incomplete_details: { reason: 'max_output_tokens' },
    output,
  },
});
const ERROR = { code: 'server_error', message: 'boom', param: null };
const FAILURE = { type: 'error', ...ERROR, error: { type: 'server_error', ...ERROR } };
const failed = (...output: Json[]) => ({
  type: 'response.failed',
  response: { ...RESPONSE, status: 'failed', error: { ...ERROR, type: 'server_error' }, output },
});
const KEEPALIVE = { type: 'keepalive' };

const added = (index: number, item: Json) => ({
  type: 'response.output_item.added',
  output_index: index,
  item: { ...item, status: 'in_progress' },
});
const done = (index: number, item: Json) => ({
  type: 'response.output_item.done',
  output_index: index,
  item,
});

const textPart = (text: string, annotations: readonly Json[] = []) => ({
  type: 'output_text',
  text,
  annotations,
  logprobs: [],
});
const message = (id: string, ...content: Json[]) => ({
  id,
  type: 'message',
  status: 'completed',
  role: 'assistant',
  content,
});
const CITATION = { type: 'url_citation', url: 'https://a.test', title: 'A', start_index: 0, end_index: 2 };
const MESSAGE = message('msg_1', textPart('Hello', [CITATION]));
const AT = { item_id: 'msg_1', output_index: 0, content_index: 0 };
const ADDED = added(0, message('msg_1'));
const PART = { type: 'response.content_part.added', ...AT, part: textPart('') };
const HEL = { type: 'response.output_text.delta', ...AT, delta: 'Hel', logprobs: [] };
const LO = { ...HEL, delta: 'lo' };
const CITED = {
  type: 'response.output_text.annotation.added',
  ...AT,
  annotation_index: 0,
  annotation: CITATION,
};
const TEXT_DONE = { type: 'response.output_text.done', ...AT, text: 'Hello', logprobs: [] };
const PART_DONE = { type: 'response.content_part.done', ...AT, part: textPart('Hello', [CITATION]) };
const TEXT = [ADDED, PART, HEL, LO, CITED, TEXT_DONE, PART_DONE, done(0, MESSAGE)];

const CALL = {
  id: 'fc_1',
  type: 'function_call',
  status: 'completed',
  call_id: 'c1',
  name: 'f',
  arguments: '{}',
};
const CALL_AT = { item_id: 'fc_1', output_index: 0 };
const CALL_ADDED = added(0, { ...CALL, arguments: '' });
const ARGUMENTS = { type: 'response.function_call_arguments.delta', ...CALL_AT, delta: '{}' };
const ARGUMENTS_DONE = { type: 'response.function_call_arguments.done', ...CALL_AT, arguments: '{}' };
const CALLED = [CALL_ADDED, ARGUMENTS, ARGUMENTS_DONE, done(0, CALL)];

const CUSTOM = {
  id: 'ctc_1',
  type: 'custom_tool_call',
  status: 'completed',
  call_id: 'c1',
  name: 'f',
  input: 'x',
};
const CUSTOM_AT = { item_id: 'ctc_1', output_index: 0 };

const THOUGHT = {
  id: 'rs_1',
  type: 'reasoning',
  status: 'completed',
  summary: [{ type: 'summary_text', text: 'Hm' }],
};
const THOUGHT_AT = { item_id: 'rs_1', output_index: 0, summary_index: 0 };
const THOUGHTS = [
  added(0, { ...THOUGHT, summary: [] }),
  {
    type: 'response.reasoning_summary_part.added',
    ...THOUGHT_AT,
    part: { type: 'summary_text', text: '' },
  },
  { type: 'response.reasoning_summary_text.delta', ...THOUGHT_AT, delta: 'Hm' },
  { type: 'response.reasoning_summary_text.done', ...THOUGHT_AT, text: 'Hm' },
  {
    type: 'response.reasoning_summary_part.done',
    ...THOUGHT_AT,
    part: { type: 'summary_text', text: 'Hm' },
  },
  done(0, THOUGHT),
];

const SEARCH = {
  id: 'ws_1',
  type: 'web_search_call',
  status: 'completed',
  action: { type: 'search', queries: ['x'] },
};
const searching = (...stages: string[]) => [
  ...BEGINNING,
  added(0, SEARCH),
  ...stages.map((stage) => ({
    type: `response.web_search_call.${stage}`,
    item_id: 'ws_1',
    output_index: 0,
  })),
  done(0, SEARCH),
  completed(SEARCH),
];

const whole = (...events: Json[]) => [...BEGINNING, ...events, completed(MESSAGE)];
const GOOD = whole(...TEXT);
const QUEUED = { ...RESPONSE, status: 'queued' };

describe('the checker of a valid response stream', () => {
  it.each<[name: string, events: readonly Json[], facts?: ResponseStreamFacts]>([
    ['a stream without output', [...BEGINNING, completed()]],
    ['a stream of text', GOOD],
    ['a stream of a function call', [...BEGINNING, ...CALLED, completed(CALL)]],
    [
      'a stream of a custom tool call',
      [
        ...BEGINNING,
        added(0, { ...CUSTOM, input: '' }),
        { type: 'response.custom_tool_call_input.delta', ...CUSTOM_AT, delta: 'x' },
        { type: 'response.custom_tool_call_input.done', ...CUSTOM_AT, input: 'x' },
        done(0, CUSTOM),
        completed(CUSTOM),
      ],
    ],
    ['a stream of reasoning', [...BEGINNING, ...THOUGHTS, completed(THOUGHT)]],
    ['a stream of a web search', searching('in_progress', 'searching', 'completed')],
    ['a stream with keepalive events', [...BEGINNING, KEEPALIVE, ...TEXT, KEEPALIVE, completed(MESSAGE)]],
    [
      'a stream that is queued first',
      [
        { type: 'response.created', response: QUEUED },
        { type: 'response.queued', response: QUEUED },
        BEGUN,
        completed(),
      ],
    ],
    [
      'a stream that fails midway',
      [...BEGINNING, ADDED, PART, HEL, FAILURE, failed({ ...MESSAGE, status: 'incomplete' })],
    ],
    ['a stream that is cut off', [...BEGINNING, ADDED, PART, HEL], { cut: true }],
    ['a stream that is cut off before it begins', [], { cut: true }],
    [
      'a stream that was cancelled',
      [...BEGINNING, { type: 'response.incomplete', response: { ...RESPONSE, status: 'cancelled' } }],
    ],
  ])('accepts %s', (_name, events, facts) => {
    expect(check(events, facts)).toEqual([]);
  });

  it('accepts a resumed stream', () => {
    const rest = number(GOOD).slice(4);
    expect(checkResponseEvents(rest, checkWire, { startingAfter: 3 })).toEqual([]);
  });

  it('accepts a stream of server-sent events', () => {
    expect(checkResponseStream(`: keepalive\n\n${write(number(GOOD))}`, checkWire)).toEqual([]);
  });
});

const other = (index: number, change: Json) =>
  GOOD.map((event, place) => (place === index ? { ...event, ...change } : event));
const without = (...dropped: Json[]) => GOOD.filter((event) => !dropped.includes(event));

describe('the checker of a broken response stream', () => {
  it.each<[name: string, events: readonly Json[], violation: string, facts?: ResponseStreamFacts]>([
    ['a stream without events', [], 'no event'],
    ['a missing response.created', without(CREATED), 'does not begin with response.created'],
    ['a keepalive before response.created', [KEEPALIVE, ...GOOD], 'does not begin with response.created'],
    [
      'a missing status event after response.created',
      without(BEGUN),
      'response.created is not followed by its status',
    ],
    ['a missing terminal event', GOOD.slice(0, -1), 'no terminal event'],
    ['two terminal events', [...GOOD, completed(MESSAGE)], 'goes on after its terminal event'],
    ['a keepalive after the terminal event', [...GOOD, KEEPALIVE], 'goes on after its terminal event'],
    [
      'a terminal event whose response has another status',
      [...BEGINNING, { ...completed(), type: 'response.incomplete' }],
      'the status of response.incomplete is completed',
    ],
    [
      'response.failed without an error event',
      [...BEGINNING, failed()],
      'response.failed without an error right before it',
    ],
    [
      'an error event without response.failed',
      [...BEGINNING, FAILURE, completed()],
      'an error without response.failed',
    ],
    [
      'an error event that contradicts itself',
      [...BEGINNING, { ...FAILURE, message: 'bang' }, failed()],
      'the error in an error event is not that of its fields',
    ],
    [
      'an unknown event',
      [...BEGINNING, { type: 'x' }, completed()],
      'event value of tag "type" must be in oneOf ("x")',
    ],
    [
      'a response id that changes',
      [CREATED, { ...BEGUN, response: { ...RESPONSE, id: 'resp_2' } }, completed()],
      'id changes',
    ],
    ['an unknown field', other(4, { x: 1 }), 'event must NOT have additional properties ("x")'],

    [
      'a delta of an item that was not added',
      without(ADDED),
      'response.output_text.delta of an item that was not added',
    ],
    [
      'item indexes that start at 1',
      other(2, { output_index: 1 }),
      'the indexes of items do not count from 0',
    ],
    [
      'a delta of an item that is done',
      whole(...TEXT, LO),
      'response.output_text.delta of an item that is done',
    ],
    [
      'a delta with the id of another item',
      other(4, { item_id: 'msg_2' }),
      'response.output_text.delta has the id of another item',
    ],
    [
      'a delta that does not fit the type of its item',
      whole(ADDED, { ...ARGUMENTS, item_id: 'msg_1' }),
      'function_call_arguments.delta of a message',
    ],
    ['two items with the same id', whole(...TEXT, added(1, message('msg_1'))), 'two items have the same id'],
    ['an item without a done event', without(GOOD.at(-2)!), 'an item is not done'],
    [
      'a done event for another item',
      [...BEGINNING, ...TEXT.slice(0, -1), done(0, { ...MESSAGE, id: 'msg_2' }), completed(MESSAGE)],
      'an item is done as another one',
    ],
    [
      'a terminal event without items',
      [...GOOD.slice(0, -1), completed()],
      'the terminal event does not have every item',
    ],
    [
      'a terminal event with other items',
      [...GOOD.slice(0, -1), completed(message('msg_1', textPart('Hi')))],
      'the terminal event has another item than was done',
    ],
    [
      'a response.failed that omits an item',
      [...BEGINNING, ADDED, FAILURE, failed()],
      'the terminal event does not have every item',
    ],
    [
      'a cut-off item that is reported as complete',
      [...BEGINNING, ADDED, PART, HEL, FAILURE, failed(message('msg_1', textPart('Hel')))],
      'an item that was cut is not marked incomplete',
    ],

    ['a delta of a part that was not added', without(PART), 'output_text.delta of a part that was not added'],
    [
      'part indexes that skip a number',
      whole(ADDED, PART, { ...PART, content_index: 2 }),
      'the indexes of parts do not count from 0',
    ],
    ['a missing delta', without(LO), 'output_text is done with another text than its deltas'],
    [
      'a delta after the text is done',
      without(HEL).toSpliced(7, 0, HEL),
      'output_text.delta of what is done',
    ],
    [
      'a missing output_text.done',
      without(TEXT_DONE),
      'a message is done before its parts are, or in another order',
    ],
    ['a missing annotation event', without(CITED), 'content_part is done with other annotations'],
    [
      'annotation indexes that start at 1',
      other(6, { annotation_index: 1 }),
      'the indexes of annotations do not count from 0',
    ],
    [
      'a reasoning summary that was not streamed',
      [...BEGINNING, THOUGHTS[0]!, done(0, THOUGHT), completed(THOUGHT)],
      'a reasoning is done with content that was not sent',
    ],
    [
      'call arguments that were not streamed',
      [...BEGINNING, CALL_ADDED, done(0, CALL), completed(CALL)],
      'a function_call is done before its parts are, or in another order',
    ],
    [
      'a call that is added with its arguments',
      [...BEGINNING, added(0, CALL)],
      'a call is added with its arguments',
    ],
    [
      'a web search that skips a stage',
      searching('in_progress', 'completed'),
      'the stages of a web_search_call are not in order',
    ],
    [
      'a wrong first event of a stream that is cut off',
      [BEGUN],
      'does not begin with response.created',
      { cut: true },
    ],
    [
      'an incomplete response without details',
      incompleteWithout(),
      'incomplete_details does not fit the status incomplete',
    ],
  ])('reports %s', (_name, events, violation, facts) => {
    expect(check(events, facts)).toContainEqual(expect.stringContaining(violation));
  });

  function incompleteWithout(): Json[] {
    const { response, ...event } = incomplete();
    return [...BEGINNING, { ...event, response: { ...response, incomplete_details: null } }];
  }

  it.each([
    [
      'a gap in the sequence numbers',
      number(GOOD).toSpliced(3, 1),
      'the sequence numbers do not count from 0',
    ],
    ['sequence numbers that start at 1', number(GOOD, 1), 'the sequence numbers do not count from 0'],
  ])('reports %s', (_name, events, violation) => {
    expect(checkResponseEvents(events, checkWire)).toContain(violation);
  });

  it.each([
    [
      'an event name that differs from the event type',
      write(number(GOOD)).replace('event: response.created', 'event: x'),
      'an event is called x and has another type',
    ],
    ['a ping comment', `: ping\n\n${write(number(GOOD))}`, "the comment ': ping' ends a stream"],
    ['a final [DONE]', `${write(number(GOOD))}data: [DONE]\n\n`, 'event must be object'],
  ])('reports %s', (_name, text, violation) => {
    expect(checkResponseStream(text, checkWire)).toContain(violation);
  });
});
