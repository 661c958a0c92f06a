import { describe, expect, it } from 'vitest';
import { buildRequest } from '../../console/pages/playground/wire/build-request.ts';
import {
  EMPTY_CONTENT,
  type AnswerContent,
  type AnswerEntry,
  type ChatEntry,
  type PromptSettings,
} from '../../console/pages/playground/wire/entries.ts';
import { parseFields } from '../../console/pages/playground/wire/parse-fields.ts';
import { addChatCompletion } from '../../console/pages/playground/wire/read-chat.ts';
import { readAdjusted, readIgnored } from '../../console/pages/playground/wire/read-notices.ts';
import { addResponseEvent, readResponse } from '../../console/pages/playground/wire/read-response.ts';

const PLAIN: PromptSettings = {
  api: 'chat',
  model: 'demo',
  effort: '',
  verbosity: '',
  isStreamed: false,
  isStrict: false,
  instructions: '',
  format: 'text',
  schema: '',
  tools: '',
  toolChoice: '',
  further: '',
};

const hello: ChatEntry = { kind: 'prompt', id: 1, text: 'Hello', images: [] };
const image = { name: 'a.png', url: 'data:image/png;base64,AA==', bytes: 1 };

function answer(content: Partial<AnswerContent>, further: Partial<AnswerEntry> = {}): AnswerEntry {
  return {
    kind: 'answer',
    id: 2,
    state: 'done',
    request: { path: '', headers: {}, body: {} },
    content: { ...EMPTY_CONTENT, ...content },
    facts: { requestId: '', ignored: [], adjusted: [], raw: [] },
    ...further,
  };
}

const call = { id: 'call_1', name: 'weather', input: '{"city":"Rome"}', isCustom: false };
const custom = { id: 'call_2', name: 'note', input: 'x', isCustom: true };

describe('a request of the playground', () => {
  it('is as short as it can be', () => {
    expect(buildRequest(PLAIN, [hello])).toEqual({
      path: 'v1/chat/completions',
      headers: {},
      body: { model: 'demo', messages: [{ role: 'user', content: 'Hello' }] },
    });
    expect(buildRequest({ ...PLAIN, api: 'responses' }, [hello])).toEqual({
      path: 'v1/responses',
      headers: {},
      body: { model: 'demo', input: 'Hello', reasoning: { summary: 'auto' }, store: false },
    });
  });

  it('has every setting in the form of its API', () => {
    const settings: PromptSettings = {
      ...PLAIN,
      effort: 'high',
      verbosity: 'low',
      isStreamed: true,
      isStrict: true,
      instructions: 'Be short.',
      format: 'json_schema',
      schema: '{"type": "object"}',
      tools:
        '[{"type": "function", "name": "f"}, {"type": "custom", "custom": {"name": "g"}}, {"type": "x"}]',
      toolChoice: 'required',
      further: '{"temperature": 1}',
    };
    expect(buildRequest(settings, [hello])).toEqual({
      path: 'v1/chat/completions',
      headers: { 'x-codex-gateway-strict': '1' },
      body: {
        model: 'demo',
        messages: [
          { role: 'system', content: 'Be short.' },
          { role: 'user', content: 'Hello' },
        ],
        reasoning_effort: 'high',
        verbosity: 'low',
        response_format: {
          type: 'json_schema',
          json_schema: { name: 'answer', strict: true, schema: { type: 'object' } },
        },
        tools: [
          { type: 'function', function: { name: 'f' } },
          { type: 'custom', custom: { name: 'g' } },
          { type: 'x' },
        ],
        tool_choice: 'required',
        stream: true,
        stream_options: { include_usage: true },
        temperature: 1,
      },
    });
    expect(buildRequest({ ...settings, api: 'responses' }, [hello]).body).toEqual({
      model: 'demo',
      instructions: 'Be short.',
      input: 'Hello',
      reasoning: { effort: 'high', summary: 'auto' },
      text: {
        verbosity: 'low',
        format: { type: 'json_schema', name: 'answer', strict: true, schema: { type: 'object' } },
      },
      tools: [{ type: 'function', name: 'f' }, { type: 'custom', name: 'g' }, { type: 'x' }],
      tool_choice: 'required',
      store: false,
      stream: true,
      temperature: 1,
    });
  });

  it('sends the whole conversation back, with images, calls and their results', () => {
    const entries: ChatEntry[] = [
      { ...hello, images: [image] },
      answer({ text: 'One moment.', calls: [call, custom] }, { results: { call_1: 'sunny' } }),
      answer({ text: 'It is sunny.' }),
      answer({}, { state: 'failed' }),
      { kind: 'prompt', id: 3, text: '', images: [image] },
    ];
    expect(buildRequest(PLAIN, entries).body.messages).toEqual([
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Hello' },
          { type: 'image_url', image_url: { url: image.url } },
        ],
      },
      {
        role: 'assistant',
        content: 'One moment.',
        tool_calls: [
          { id: 'call_1', type: 'function', function: { name: 'weather', arguments: call.input } },
          { id: 'call_2', type: 'custom', custom: { name: 'note', input: 'x' } },
        ],
      },
      { role: 'tool', tool_call_id: 'call_1', content: 'sunny' },
      { role: 'tool', tool_call_id: 'call_2', content: '' },
      { role: 'assistant', content: 'It is sunny.' },
      { role: 'user', content: [{ type: 'image_url', image_url: { url: image.url } }] },
    ]);
    expect(buildRequest({ ...PLAIN, api: 'responses' }, entries).body.input).toEqual([
      {
        role: 'user',
        content: [
          { type: 'input_text', text: 'Hello' },
          { type: 'input_image', image_url: image.url },
        ],
      },
      { role: 'assistant', content: 'One moment.' },
      { type: 'function_call', call_id: 'call_1', name: 'weather', arguments: call.input },
      { type: 'custom_tool_call', call_id: 'call_2', name: 'note', input: 'x' },
      { type: 'function_call_output', call_id: 'call_1', output: 'sunny' },
      { type: 'custom_tool_call_output', call_id: 'call_2', output: '' },
      { role: 'assistant', content: 'It is sunny.' },
      { role: 'user', content: [{ type: 'input_image', image_url: image.url }] },
    ]);
  });

  it('says which JSON cannot be read, and where', () => {
    const { problems } = parseFields({
      ...PLAIN,
      format: 'json_schema',
      schema: '[]',
      tools: '[1]',
      further: '{\n"a" 1}',
    });
    expect(problems).toEqual({
      schema: 'Write a JSON Schema.',
      tools: 'Write a list of tools.',
      further: expect.stringMatching(/^This is not JSON: Expected ':'.* in line 2$/),
    });
  });
});

describe('an answer in the playground', () => {
  it('is the sum of the chunks of a chat completion', () => {
    const chunks = [
      { model: 'demo', choices: [{ index: 0, delta: { role: 'assistant', content: '' } }] },
      { choices: [{ index: 0, delta: { reasoning_content: 'Hm.' } }] },
      { choices: [{ index: 1, delta: { content: 'Of another choice.' } }] },
      { choices: [{ index: 0, delta: { content: 'Hel' } }] },
      {
        choices: [
          {
            index: 0,
            delta: {
              content: 'lo',
              annotations: [{ url_citation: { url: 'https://a.example', title: 'A' } }],
            },
          },
        ],
      },
      {
        choices: [
          {
            index: 0,
            delta: {
              tool_calls: [
                {
                  index: 0,
                  id: 'call_1',
                  type: 'function',
                  function: { name: 'weather', arguments: call.input },
                },
              ],
            },
          },
        ],
      },
      { choices: [{ index: 0, delta: {}, finish_reason: 'tool_calls' }] },
      {
        choices: [],
        usage: {
          prompt_tokens: 11,
          completion_tokens: 7,
          prompt_tokens_details: { cached_tokens: 3 },
          completion_tokens_details: { reasoning_tokens: 2 },
        },
      },
    ];
    expect(chunks.reduce<AnswerContent>(addChatCompletion, EMPTY_CONTENT)).toEqual({
      text: 'Hello',
      reasoning: 'Hm.',
      refusal: '',
      calls: [call],
      sources: [{ url: 'https://a.example', title: 'A' }],
      model: 'demo',
      finish: 'tool_calls',
      usage: { input: 11, cached: 3, output: 7, reasoning: 2, isEstimated: false },
    });
  });

  it('is the sum of the events of a response, and the same if it comes whole', () => {
    const usage = { input_tokens: 11, output_tokens: 7, estimated: true };
    const items = [
      { type: 'reasoning', summary: [{ text: 'Hm.' }, { text: 'Ah.' }] },
      {
        type: 'message',
        content: [
          { type: 'output_text', text: 'Hello', annotations: [{ url: 'https://a.example', title: 'A' }] },
        ],
      },
      { type: 'function_call', call_id: 'call_1', name: 'weather', arguments: call.input },
      { type: 'custom_tool_call', call_id: 'call_2', name: 'note', input: 'x' },
      { type: 'web_search_call' },
    ];
    const end = {
      model: 'demo',
      status: 'incomplete',
      incomplete_details: { reason: 'max_output_tokens' },
      usage,
    };
    const events = [
      { type: 'response.created', response: { model: 'demo', status: 'in_progress' } },
      { type: 'response.reasoning_summary_part.added' },
      { type: 'response.reasoning_summary_text.delta', delta: 'Hm.' },
      { type: 'response.reasoning_summary_part.added' },
      { type: 'response.reasoning_summary_text.delta', delta: 'Ah.' },
      { type: 'response.output_item.added', item: { type: 'message' } },
      { type: 'response.output_text.delta', delta: 'Hello' },
      { type: 'response.output_text.annotation.added', annotation: { url: 'https://a.example', title: 'A' } },
      ...items.map((item) => ({ type: 'response.output_item.done', item })),
      { type: 'keepalive' },
      { type: 'response.incomplete', response: end },
    ];
    const sum = events.reduce<AnswerContent>(addResponseEvent, EMPTY_CONTENT);
    expect(sum).toEqual({
      text: 'Hello',
      reasoning: 'Hm.\n\nAh.',
      refusal: '',
      calls: [call, custom],
      sources: [{ url: 'https://a.example', title: 'A' }],
      model: 'demo',
      finish: 'max_output_tokens',
      usage: { input: 11, cached: 0, output: 7, reasoning: 0, isEstimated: true },
    });
    expect(readResponse({ ...end, output: items })).toEqual(sum);
  });

  it('has the error of a stream in its words', () => {
    const error = { message: 'The model is overloaded.', code: 'server_overloaded' };
    const expected = { ...error, status: 0 };
    expect(addChatCompletion(EMPTY_CONTENT, { error }).error).toEqual(expected);
    expect(addResponseEvent(EMPTY_CONTENT, { type: 'error', ...error }).error).toEqual(expected);
    const failed = { type: 'response.failed', response: { status: 'failed', error } };
    expect(addResponseEvent(EMPTY_CONTENT, failed).error).toEqual(expected);
  });

  it('has the notices of its headers in plain text', () => {
    expect(readIgnored('temperature, metadata.a%2Cb, 100%')).toEqual(['temperature', 'metadata.a,b', '100%']);
    expect(readIgnored(null)).toEqual([]);
    expect(readAdjusted('reasoning_effort=minimal->low, tools[0].name=my%20tool->my_tool, ...')).toEqual([
      { field: 'reasoning_effort', from: 'minimal', to: 'low' },
      { field: 'tools[0].name', from: 'my tool', to: 'my_tool' },
      { field: '...', from: '', to: '' },
    ]);
  });
});
