import type { PlaygroundRequest } from '../wire/entries.ts';
import { JAVASCRIPT, JSON_SPELLING, PYTHON, writeLiteral } from './write-literal.ts';

/** Sets the variable that every snippet takes the key from. */
export const TOKEN_LINE = 'export CODEX_GATEWAY_TOKEN="$(codex-gateway token)"';

/** Parameters that the Python SDK knows by name in both APIs' older releases; others go into `extra_body`. */
const PYTHON_PARAMETERS = new Set([
  'input',
  'instructions',
  'messages',
  'model',
  'reasoning',
  'reasoning_effort',
  'response_format',
  'store',
  'stream',
  'stream_options',
  'text',
  'tool_choice',
  'tools',
  'verbosity',
]);

/**
 * Writes a request as a command for a shell. The body comes from a here-document, where nothing has to be escaped and which may be as
 * large as images are.
 * @param base Address of the gateway, with a slash at its end.
 */
export function writeCurl({ path, headers, body }: PlaygroundRequest, base: string): string {
  const further = Object.entries(headers).map(([name, value]) => `  -H ${quote(`${name}: ${value}`)} \\`);
  return [
    `curl ${body.stream === true ? '-N ' : ''}${quote(base + path)} \\`,
    '  -H "Authorization: Bearer $CODEX_GATEWAY_TOKEN" \\',
    "  -H 'Content-Type: application/json' \\",
    ...further,
    "  --data-binary @- <<'JSON'",
    // No line of JSON in braces is the word that ends it.
    writeBody(body),
    'JSON',
  ].join('\n');
}

/** Writes the body of a request as JSON over several lines. */
export function writeBody(body: PlaygroundRequest['body']): string {
  return writeLiteral(body, JSON_SPELLING);
}

function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/** Writes a request as a program in Python with the SDK of OpenAI. */
export function writePython(request: PlaygroundRequest, base: string): string {
  const { headers, body } = request;
  const entries = Object.entries(body);
  const known = entries.filter(([name]) => PYTHON_PARAMETERS.has(name));
  const unknown = entries.filter(([name]) => !PYTHON_PARAMETERS.has(name));
  const given = [
    ...known,
    ...(unknown.length > 0 ? [['extra_body', Object.fromEntries(unknown)] as const] : []),
    ...(Object.keys(headers).length > 0 ? [['extra_headers', headers] as const] : []),
  ];
  return [
    '# pip install openai',
    'import os',
    'from openai import OpenAI',
    '',
    `client = OpenAI(base_url=${JSON.stringify(`${base}v1`)}, api_key=os.environ["CODEX_GATEWAY_TOKEN"])`,
    '',
    `${nameOf(request)} = client.${methodOf(request)}(`,
    ...given.map(([name, value]) => `    ${name}=${writeLiteral(value, PYTHON, '    ')},`),
    ')',
    ...PYTHON_ENDS[nameOf(request)],
  ].join('\n');
}

/** Writes a request as a module for Node.js with the SDK of OpenAI. */
export function writeNode(request: PlaygroundRequest, base: string): string {
  const { headers, body } = request;
  const options = Object.keys(headers).length > 0 ? `, ${writeLiteral({ headers }, JAVASCRIPT)}` : '';
  return [
    '// npm install openai, save this as ask.mjs, and run: node ask.mjs',
    "import OpenAI from 'openai';",
    '',
    'const client = new OpenAI({',
    `  baseURL: ${JSON.stringify(`${base}v1`)},`,
    '  apiKey: process.env.CODEX_GATEWAY_TOKEN,',
    '});',
    '',
    `const ${nameOf(request)} = await client.${methodOf(request)}(${writeLiteral(body, JAVASCRIPT)}${options});`,
    ...NODE_ENDS[nameOf(request)],
  ].join('\n');
}

type AnswerName = 'chunks' | 'completion' | 'events' | 'response';

/** Returns the name of the variable that holds the answer. */
function nameOf({ path, body }: PlaygroundRequest): AnswerName {
  if (path === 'v1/responses') return body.stream === true ? 'events' : 'response';
  return body.stream === true ? 'chunks' : 'completion';
}

function methodOf({ path }: PlaygroundRequest): string {
  return path === 'v1/responses' ? 'responses.create' : 'chat.completions.create';
}

const PYTHON_ENDS: Readonly<Record<AnswerName, readonly string[]>> = {
  chunks: [
    'for chunk in chunks:',
    '    for choice in chunk.choices:',
    '        print(choice.delta.content or "", end="", flush=True)',
    '        for call in choice.delta.tool_calls or []:',
    '            print(call.to_json())',
    'print()',
  ],
  completion: ['print(completion.choices[0].message.to_json())'],
  events: [
    'for event in events:',
    '    if event.type == "response.output_text.delta":',
    '        print(event.delta, end="", flush=True)',
    '    elif event.type == "response.output_item.done" and event.item.type.endswith("_call"):',
    '        print(event.item.to_json())',
    'print()',
  ],
  response: [
    'print(response.output_text)',
    'for item in response.output:',
    '    if item.type.endswith("_call"):',
    '        print(item.to_json())',
  ],
};

const NODE_ENDS: Readonly<Record<AnswerName, readonly string[]>> = {
  chunks: [
    'for await (const chunk of chunks) {',
    '  for (const { delta } of chunk.choices) {',
    "    process.stdout.write(delta.content ?? '');",
    '    for (const call of delta.tool_calls ?? []) console.log(call);',
    '  }',
    '}',
    'console.log();',
  ],
  completion: ['console.log(completion.choices[0].message);'],
  events: [
    'for await (const event of events) {',
    "  if (event.type === 'response.output_text.delta') process.stdout.write(event.delta);",
    "  if (event.type === 'response.output_item.done' && event.item.type.endsWith('_call'))",
    '    console.log(event.item);',
    '}',
    'console.log();',
  ],
  response: [
    'console.log(response.output_text);',
    "for (const item of response.output) if (item.type.endsWith('_call')) console.log(item);",
  ],
};
