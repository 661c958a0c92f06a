import { beforeEach, describe, expect, it } from 'vitest';
import type OpenAI from 'openai';
import { ask, WAYS } from '../support/ask.ts';
import { sendCompleted, sendEvent, startResponse, type Script } from '../support/upstream.ts';
import { useSharedGateway } from '../support/use-test-gateway.ts';

const gateway = useSharedGateway();
beforeEach(() => gateway.upstream.use(rotate(true)));

const SUMMARY = ['Let me see. ', 'It is sunny.'];
const COMMENT = ['I am looking ', 'it up.'];
const TEXT = ['The weather ', 'is fine.'];
const ARGUMENTS = '{"city":"Bern"}';

const parameters = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
const FUNCTION = { name: 'get_weather', description: 'Weather', parameters };

let ids = 0;
const nextId = (prefix: string) => `${prefix}_${(ids += 1)}`;

/** An answer with reasoning, two messages and a call, in which no id comes twice. */
function rotate(withCall: boolean): Script {
  return (_request, response) => {
    startResponse(response);
    const reasoning = { type: 'reasoning', summary: [] as object[] };
    const message = { type: 'message', role: 'assistant' };
    const call = { type: 'function_call', call_id: 'call_1', name: 'get_weather' };
    const stream = (index: number, item: object, deltas: readonly object[], done: object) => {
      const prefix = `item${index}`;
      const place = { output_index: index };
      const added = { ...item, id: nextId(prefix) };
      sendEvent(response, { type: 'response.output_item.added', ...place, item: added });
      for (const delta of deltas)
        sendEvent(response, { type: '', ...place, item_id: nextId(prefix), ...delta });
      const whole = { ...item, id: nextId(prefix), ...done };
      sendEvent(response, { type: 'response.output_item.done', ...place, item: whole });
    };
    const textDeltas = (texts: readonly string[]) =>
      texts.map((delta) => ({ type: 'response.output_text.delta', content_index: 0, delta }));
    const textOf = (texts: readonly string[]) => ({
      content: [{ type: 'output_text', text: texts.join(''), annotations: [] }],
    });
    stream(
      0,
      reasoning,
      [
        { type: 'response.reasoning_summary_part.added', summary_index: 0 },
        ...SUMMARY.map((delta) => ({
          type: 'response.reasoning_summary_text.delta',
          summary_index: 0,
          delta,
        })),
      ],
      { summary: [{ type: 'summary_text', text: SUMMARY.join('') }], encrypted_content: 'sealed' },
    );
    stream(1, { ...message, content: [], phase: 'commentary' }, textDeltas(COMMENT), textOf(COMMENT));
    stream(2, { ...message, content: [] }, textDeltas(TEXT), textOf(TEXT));
    if (withCall) {
      const deltas = [{ type: 'response.function_call_arguments.delta', delta: ARGUMENTS }];
      stream(3, { ...call, arguments: '' }, deltas, { arguments: ARGUMENTS });
    }
    sendCompleted(response);
  };
}

describe('an answer whose items have another id in each of their events', () => {
  it.each(WAYS)('says each text once in a chat completion that is %s', async (way) => {
    const tools = [{ type: 'function', function: FUNCTION }];
    const { said } = await ask(gateway, way, { tools });
    expect(said).toMatchObject([
      {
        content: [...COMMENT, ...TEXT].join(''),
        reasoning: SUMMARY.join(''),
        calls: [{ name: 'get_weather', arguments: ARGUMENTS }],
        finish: 'tool_calls',
      },
    ]);
  });

  it('has each item once in a response, whose stream names it by one id', async () => {
    const stream = await gateway.client.responses.create({
      model: 'gpt-5.5',
      input: 'hello',
      stream: true,
      include: ['reasoning.encrypted_content'],
      tools: [{ type: 'function', strict: false, ...FUNCTION }],
    });
    const byIndex = new Map<number, Set<string>>();
    let response: OpenAI.Responses.Response | undefined;
    for await (const event of stream) {
      if ('output_index' in event) {
        const id = 'item' in event ? event.item.id : 'item_id' in event ? event.item_id : undefined;
        const known = byIndex.get(event.output_index) ?? new Set();
        byIndex.set(event.output_index, known.add(id!));
      }
      if (event.type === 'response.completed') response = event.response;
    }
    expect(response?.output).toMatchObject(OUTPUT);
    expect([...byIndex].map(([index, known]) => [index, [...known]])).toEqual(
      response!.output.map(({ id }, index) => [index, [id]]),
    );
  });

  it('has each item once in a response that comes whole', async () => {
    const response = await gateway.client.responses.create({
      model: 'gpt-5.5',
      input: 'hello',
      include: ['reasoning.encrypted_content'],
      tools: [{ type: 'function', strict: false, ...FUNCTION }],
    });
    expect(response.output).toMatchObject(OUTPUT);
    expect(response.output).toHaveLength(OUTPUT.length);
  });

  it('says its text once in a text completion', async () => {
    gateway.upstream.use(rotate(false));
    const { choices } = await gateway.client.completions.create({ model: 'gpt-5.5', prompt: 'hello' });
    expect(choices[0]?.text).toContain(TEXT.join(''));
    expect(choices[0]?.text.split(TEXT.join(''))).toHaveLength(2);
  });
});

const textItem = (texts: readonly string[]) => ({
  type: 'message',
  content: [{ type: 'output_text', text: texts.join('') }],
});

const OUTPUT = [
  {
    type: 'reasoning',
    summary: [{ type: 'summary_text', text: SUMMARY.join('') }],
    encrypted_content: expect.any(String),
  },
  textItem(COMMENT),
  textItem(TEXT),
  { type: 'function_call', call_id: 'call_1', arguments: ARGUMENTS },
];
