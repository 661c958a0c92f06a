import { dataUrl, SMALL } from '../images.ts';
import { sayReasoning } from '../upstream-answers.ts';
import { call } from '../upstream-tools.ts';
import { say } from '../upstream.ts';
import {
  base64,
  compact,
  forEveryModel,
  PNG_URL,
  respond,
  respondOverSocket,
  type ClientRequest,
  type RecordedCases,
  type Reply,
} from './client-request.ts';

const LOOK = { type: 'function', name: 'look', parameters: { type: 'object', properties: {} } };
const last = (replies: readonly Reply[]) => replies.at(-1)!;
const text = (value: string) => ({ type: 'input_text', text: value });
const createConversation = (items: readonly object[]): ClientRequest => ({
  path: '/v1/conversations',
  body: { items },
});

/** Messages and options of responses, and what is kept between them. */
export const RESPONSES: RecordedCases = {
  ...forEveryModel('text', (model) => [respond({ model }), respond({ model, stream: true })]),
  instructions: [
    respond({ instructions: 'Be "brief".\n☕' }),
    respond({ model: 'gpt-6-sol', instructions: '', input: [{ role: 'developer', content: 'Go.' }] }),
  ],
  messages: [
    respond({
      input: [
        { role: 'assistant', content: 'Yes?' },
        { type: 'message', role: 'system', content: 'Be brief.' },
        { role: 'user', content: [text('One.'), text(''), { type: 'text', text: 'Two.' }], name: 'Ann' },
        {
          type: 'message',
          id: 'msg_mine',
          status: 'completed',
          role: 'assistant',
          phase: 'commentary',
          content: [{ type: 'output_text', text: 'Three.', annotations: [], logprobs: [] }],
        },
        { role: 'assistant', phase: 'final_answer', content: [{ type: 'refusal', refusal: 'No.' }] },
        { role: 'assistant', content: [] },
        { role: 'developer', content: [text('Be kind.')] },
        { role: 'user', content: 'naïve 日本語 🇨🇭 "q" \\ \u2028 \ud83d' },
      ],
    }),
  ],
  'images-and-files': [
    respond({
      model: 'gpt-6-sol',
      input: [
        {
          role: 'user',
          content: [
            { type: 'input_image', image_url: PNG_URL, detail: 'high' },
            text('And:'),
            { type: 'input_image', image_url: dataUrl(SMALL.gif, 'gif') },
            {
              type: 'input_file',
              filename: 'a.txt',
              file_data: `data:text/plain;base64,${base64('Tea – hot.')}`,
            },
          ],
        },
      ],
    }),
  ],
  ...forEveryModel('reasoning', (model) =>
    ['auto', 'concise', 'detailed'].map((summary) =>
      respond({ model, reasoning: { effort: 'high', summary } }),
    ),
  ),
  efforts: ['none', 'minimal', 'medium', 'xhigh'].map((effort) => respond({ reasoning: { effort } })),
  options: [
    respond({
      text: { verbosity: 'low' },
      service_tier: 'priority',
      reasoning: { generate_summary: 'auto' },
    }),
    respond({
      include: ['reasoning.encrypted_content', 'web_search_call.action.sources'],
      max_output_tokens: 50,
      max_tool_calls: 3,
      truncation: 'auto',
      temperature: 0.3,
      metadata: { a: 'b' },
      store: false,
      prompt_cache_key: 'mine',
      user: 'ann',
      stream: true,
    }),
    respond({ model: 'deep', text: { verbosity: 'high' } }),
    respond({ model: 'gpt-6-sol-low', instructions: 'Mine.' }),
  ],
  ...forEveryModel('chain', (model) => [
    respond(
      {
        model,
        instructions: 'Once.',
        tools: [LOOK],
        input: 'Think.',
        include: ['reasoning.encrypted_content'],
      },
      sayReasoning([['First.', 'Then.']], 'So.'),
    ),
    respond(
      (replies) => ({ model, tools: [LOOK], previous_response_id: last(replies).id, input: 'Look.' }),
      call({ name: 'look', arguments: '{"at": "me"}' }),
    ),
    respond((replies) => ({
      model,
      stream: true,
      previous_response_id: last(replies).id,
      input: [
        { type: 'function_call_output', call_id: last(replies).output![0]!.call_id, output: 'nothing' },
      ],
    })),
  ]),
  'sent-back-by-client': [
    respond(
      { store: false, reasoning: { summary: 'auto' }, include: ['reasoning.encrypted_content'] },
      sayReasoning([['First.'], ['Then.']], 'So.'),
    ),
    respond((replies) => ({
      store: false,
      input: [...last(replies).output!, { role: 'user', content: 'Again.' }],
    })),
  ],
  'over-a-socket': [
    respondOverSocket(
      { store: false, tools: [LOOK], input: 'Look.' },
      call({ name: 'look', arguments: '{}' }),
    ),
    respondOverSocket((replies) => ({
      model: 'gpt-6-sol',
      store: false,
      previous_response_id: last(replies).id,
      instructions: 'Be brief.',
      input: [{ type: 'function_call_output', call_id: 'call_1', output: 'nothing' }],
    })),
  ],
  'item-reference': [
    respond({ input: 'Remember.' }, say('I do.')),
    respond((replies) => ({
      input: [
        { type: 'item_reference', id: last(replies).output![0]!.id },
        { role: 'user', content: 'What?' },
      ],
    })),
  ],
  ...forEveryModel('conversation', (model) => [
    createConversation([
      { role: 'developer', content: 'Be kind.' },
      { role: 'user', content: 'I am Ann.' },
    ]),
    respond(
      ([conversation]) => ({ model, conversation: conversation!.id, input: 'Hello.' }),
      say('Hello, Ann.'),
    ),
    respond(([conversation]) => ({
      model,
      conversation: { id: conversation!.id },
      input: 'Who am I?',
      stream: true,
    })),
  ]),
  ...forEveryModel('compaction', (model) => [
    compact(
      {
        model,
        instructions: 'Speak as a pirate.',
        input: [
          { role: 'developer', content: 'Be kind.' },
          { role: 'user', content: 'I am Ann.' },
          { role: 'assistant', content: 'Hello, Ann.' },
          { role: 'user', content: 'I want tea.' },
        ],
      },
      say('Ann wants "tea" ☕.'),
    ),
    respond((replies) => ({ model, input: [...last(replies).output!, { role: 'user', content: 'And?' }] })),
  ]),
  'compaction-of-a-response': [
    respond({ input: 'I am Ann.' }, say('Hello, Ann.')),
    compact(
      (replies) => ({ previous_response_id: last(replies).id, input: 'I want tea.' }),
      say('Ann: tea.'),
    ),
  ],
};
