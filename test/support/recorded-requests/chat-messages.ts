import { dataUrl, SMALL } from '../images.ts';
import { base64, chat, forEveryModel, HELLO, PNG, PNG_URL, type RecordedCases } from './client-request.ts';

const user = (content: unknown) => ({ role: 'user', content });
const text = (value: string) => ({ type: 'text', text: value });
const image = (url: string, detail?: string) => ({ type: 'image_url', image_url: { url, detail } });
const file = (filename: string, file_data: string) => ({ type: 'file', file: { filename, file_data } });

/** Keys that mean something to HTML, regular expressions, shells, JSON and editors. */
const ODD_TEXT =
  'naïve café e\u0301 日本語 🇨🇭👩‍👩‍👧 שלום "quoted" \\back\\ /slash/ <b>&amp;</b> \t tab \r\n line \u2028 \u2029 \u0000 \u0007 \u001b[0m \u007f \u00a0 \ufeff \uffff $& $1 ${x} %s';
const HALVES = 'half \ud83d and \ude00 and \ud800\ud800.';

export const CHAT_MESSAGES: RecordedCases = {
  ...forEveryModel('text', (model) => [chat({ model }), chat({ model, stream: true })]),
  'roles-in-odd-order': [
    chat({
      messages: [
        { role: 'assistant', content: 'Yes?' },
        user('One.'),
        user('Two.'),
        { role: 'system', content: 'Be brief.' },
        { role: 'developer', content: 'Be kind.' },
        { role: 'assistant', content: 'Three.' },
        { role: 'assistant', content: 'Four.' },
        user('Five?'),
        { role: 'system', content: 'Stop at six.' },
      ],
    }),
  ],
  'system-alone': [chat({ model: 'gpt-6-sol', messages: [{ role: 'system', content: 'Say hello.' }] })],
  'several-parts': [
    chat({
      model: 'gpt-6-sol',
      messages: [
        { role: 'system', content: [text('Be brief.'), text('Be kind.')] },
        user([text('One.'), text(''), text(' Two.')]),
        {
          role: 'assistant',
          content: [text('Three.'), { type: 'refusal', refusal: 'Not four.' }],
        },
        { role: 'assistant', content: null, refusal: 'No.' },
        { role: 'assistant', content: '' },
        { role: 'developer', content: [text('Go on.')] },
        { role: 'user', name: 'Ann', content: [text('Five?')] },
      ],
    }),
  ],
  images: [
    chat({
      messages: [
        user([
          text('What is this?'),
          image(PNG_URL, 'low'),
          text('And this?'),
          image(dataUrl(SMALL.jpeg, 'jpeg'), 'high'),
        ]),
      ],
    }),
  ],
  'images-converted': [
    chat({
      model: 'gpt-6-sol',
      messages: [
        user([image(dataUrl(SMALL.gif, 'gif')), image(dataUrl(SMALL.webp, 'webp'), 'auto')]),
        { role: 'assistant', content: 'Two images.' },
        user([image(`data:image/png;base64,${PNG.replace(/.{30}/g, '$&\n')}`)]),
      ],
    }),
  ],
  files: [
    chat({
      messages: [
        user([
          text('Read.'),
          file('a.txt', base64('Tea is hot.\n')),
          file('näme "b".md', `data:text/markdown;base64,${base64('# Tea ☕\r\n<file>')}`),
          { type: 'file', file: { file_data: base64('no name') } },
        ]),
      ],
    }),
  ],
  'odd-characters': [
    chat({ messages: [{ role: 'system', content: ODD_TEXT }, user(ODD_TEXT), user([text(HALVES)])] }),
    chat({
      model: 'gpt-6-sol',
      stream: true,
      messages: [user(HALVES), { role: 'assistant', content: ODD_TEXT }],
    }),
  ],
  'escapes-in-body': [
    chat(String.raw`
      { "messages" : [ { "content" : "\u0041\u00e9\/\ud83d\ude00\u2028\b\f é😀", "role" : "user" } ],
        "\u006dodel" : "gpt-5.5",  "temperature": 1.0e0 }`),
  ],
  'blank-texts': [
    chat({ messages: [user(''), user(' '), user('\n'), user([text('')]), user('  padded\t\n')] }),
  ],
  'long-history': [
    chat({
      model: 'gpt-6-sol',
      messages: Array.from({ length: 41 }, (_, index) =>
        index % 2 === 0 ? user(`Question ${index}?`) : { role: 'assistant', content: `Answer ${index}.` },
      ),
    }),
  ],
  'long-text': [chat({ messages: [user(`${'Tea and 茶. '.repeat(300)}End.`)] })],
  'responses-shape': [
    chat({
      messages: undefined,
      input: [
        { role: 'system', content: 'Be brief.' },
        { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Hello?' }] },
        { type: 'function_call', call_id: 'call_a', name: 'look', arguments: '{"at":"me"}' },
        { type: 'function_call_output', call_id: 'call_a', output: 'nothing' },
      ],
      instructions: 'Be kind.',
      tools: [{ type: 'function', name: 'look', parameters: { type: 'object', properties: {} } }],
      reasoning: { effort: 'low' },
      text: { verbosity: 'high' },
    }),
  ],
  'azure-path': [
    {
      path: '/openai/deployments/gpt-6-sol/chat/completions?api-version=2024-10-21',
      body: { messages: HELLO },
    },
  ],
};
