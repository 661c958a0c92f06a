import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { askQuestion } from '../../../src/app/inquiries/ask.ts';
import { startHttpServer } from '../../support/start-http-server.ts';

const FLAG = { type: 'boolean', default: true };
const GATED = { text: { type: 'string' }, dry_run: FLAG, confirm: { ...FLAG, default: false } };

function entry(name: string, properties: object, required: readonly string[]) {
  const input_schema = { type: 'object', properties, required, additionalProperties: false };
  return { name, description: '', path: `/tools/v1/${name}`, input_schema };
}

const TOOLS = [
  entry('a.read', { text: { type: 'string' }, limit: { type: 'integer', default: 5 } }, ['text']),
  entry('a.write', GATED, ['text']),
  entry('a.odd', { list: { type: 'array', items: {}, uniqueItems: true } }, ['list']),
];

interface Call {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
}

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

interface FakeOptions {
  /** The functions that the model calls, round by round; after them it answers. */
  readonly rounds: readonly (readonly [name: string, args: unknown])[][];
  /** Answers to calls of tools, one after the other; a call after them succeeds. */
  readonly answers?: readonly Answer[];
  readonly decision?: 'agreed' | 'declined' | 'unasked';
  readonly signal?: AbortSignal;
}

const refuse =
  (status: number, headers: Record<string, string> = {}): Answer =>
  (_request, response) =>
    void response.writeHead(status, headers).end(JSON.stringify({ detail: `No, ${status}.` }));

/** Asks a question of a gateway that is played, with the tools above. */
async function askFake({ rounds, answers = [], decision = 'unasked', signal }: FakeOptions) {
  const calls: Call[] = [];
  const bodies: { readonly input: readonly Record<string, unknown>[]; readonly tools: readonly object[] }[] =
    [];
  const left = [...answers];
  const { origin } = await startHttpServer(async (request, response) => {
    if (request.url === '/tools/v1/catalog') return void response.end(JSON.stringify({ tools: TOOLS }));
    const body = await json(request);
    if (request.url === '/v1/responses') {
      bodies.push(body as (typeof bodies)[number]);
      return void response.end(`data: ${JSON.stringify(completed(rounds[bodies.length - 1] ?? []))}\n\n`);
    }
    calls.push({ path: request.url ?? '', headers: request.headers, body });
    const answer = left.shift();
    if (answer) answer(request, response);
    else response.end('{"ok":true}');
  });
  const shown: string[] = [];
  const asked: (readonly string[])[] = [];
  const question = { text: 'Do it.', model: 'm', image: undefined, effort: undefined };
  const answer = askQuestion(question, {
    origin,
    token: 'test-token-of-this-suite',
    signal: signal ?? new AbortController().signal,
    onText: () => {},
    person: {
      show: (line) => void shown.push(line),
      async decide(lines) {
        asked.push(lines);
        return decision;
      },
    },
  });
  const outputs = () =>
    bodies.at(-1)!.input.flatMap(({ type, output }) => (type === 'function_call_output' ? [output] : []));
  return { answer, calls, bodies, shown, asked, outputs };
}

function completed(calls: FakeOptions['rounds'][number]): object {
  const output = calls.map(([name, args], index) => ({
    type: 'function_call',
    call_id: `call_${index}`,
    name,
    arguments: typeof args === 'string' ? args : JSON.stringify(args),
  }));
  return { type: 'response.completed', response: { status: 'completed', output } };
}

const READ = ['a_read', { text: 'x', limit: null }] as const;

it('the model is offered the tools with underscores, strictly where their schemas allow it, and never `confirm`', async () => {
  const { answer, bodies } = await askFake({ rounds: [] });
  await answer;
  expect(bodies[0]!.tools).toMatchObject([
    {
      type: 'function',
      name: 'a_read',
      strict: true,
      parameters: { required: ['text', 'limit'], properties: { limit: { type: ['integer', 'null'] } } },
    },
    { name: 'a_write', strict: true, parameters: { required: ['text', 'dry_run'] } },
    { name: 'a_odd', strict: false, parameters: TOOLS[2]!.input_schema },
  ]);
  expect(JSON.stringify(bodies[0]!.tools)).not.toContain('confirm');
});

it('each call has a key of its own, and its repetitions have the same one', async () => {
  const later = { 'retry-after': '0' };
  const { answer, calls, shown, outputs } = await askFake({
    rounds: [[READ], [['a_read', { text: 'y' }]]],
    answers: [refuse(429, later), (request) => void request.socket.destroy(), refuse(503, later)],
  });
  await answer;
  expect(calls.map(({ path, body }) => [path, body])).toEqual([
    ...Array.from({ length: 4 }, () => ['/tools/v1/a.read', { text: 'x' }]),
    ['/tools/v1/a.read', { text: 'y' }],
  ]);
  const keys = calls.map(({ headers }) => headers['idempotency-key']);
  expect(new Set(keys.slice(0, 4)).size).toBe(1);
  expect(keys[4]).not.toBe(keys[0]);
  expect(calls[0]!.headers['x-assistant']).toBe('codex');
  expect(shown).toEqual([
    'Calling a.read {"text":"x"}',
    'a.read: No, 429. The call is repeated in 0 s.',
    'a.read: The gateway does not answer (ECONNRESET). The call is repeated in 1 s.',
    'a.read: No, 503. The call is repeated in 0 s.',
    'Calling a.read {"text":"y"}',
  ]);
  expect(outputs()).toEqual(['{"ok":true}', '{"ok":true}']);
});

it('a call is not repeated if it can never succeed, or only much later, and the model gets the reason', async () => {
  const { answer, calls, shown, outputs } = await askFake({
    rounds: [[READ], [READ], [READ]],
    answers: [refuse(403), refuse(409), refuse(429, { 'retry-after': '3600' })],
  });
  await answer;
  expect(calls).toHaveLength(3);
  expect(outputs()).toEqual(
    [403, 409, 429].map((status) => `The call failed with HTTP ${status}: No, ${status}.`),
  );
  expect(shown[1]).toBe('a.read failed with HTTP 403: No, 403.');
});

it('a call that still runs under its key is asked for again', async () => {
  const { answer, calls } = await askFake({
    rounds: [[READ]],
    answers: [refuse(409, { 'retry-after': '0' })],
  });
  await answer;
  expect(calls).toHaveLength(2);
});

it('at most four calls run at once', async () => {
  const held: ServerResponse[] = [];
  const four = Promise.withResolvers<void>();
  const hold: Answer = (_request, response) => {
    held.push(response);
    if (held.length === 4) four.resolve();
  };
  const { answer, calls } = await askFake({
    rounds: [Array.from({ length: 6 }, () => READ)],
    answers: [hold, hold, hold, hold],
  });
  await four.promise;
  expect(calls).toHaveLength(4);
  for (const response of held) response.end('{}');
  await answer;
  expect(calls).toHaveLength(6);
});

it.each([
  ['agreed', { text: 'x', dry_run: false, confirm: true }, '{"ok":true}'],
  ['declined', undefined, expect.stringContaining('the person declined it')],
  ['unasked', undefined, expect.stringContaining('there is no terminal')],
] as const)(
  'a change is %s by the person alone, whatever the model puts into confirm',
  async (decision, sent, output) => {
    const change = { text: 'x', dry_run: false, confirm: true };
    const { answer, calls, asked, outputs } = await askFake({ rounds: [[['a_write', change]]], decision });
    await answer;
    expect(asked).toEqual([['The model wants to run a.write for real:', '  text: x']]);
    const dryRun = { text: 'x', dry_run: true };
    expect(calls.map(({ body }) => body)).toEqual(sent ? [dryRun, sent] : [dryRun]);
    expect(outputs()).toEqual([output]);
  },
);

it('what the model writes cannot move the cursor of the person who decides', async () => {
  const change = { text: `x\u001B[2K\r\u202Ey\nrepo: other`, dry_run: false };
  const { answer, asked } = await askFake({ rounds: [[['a_write', change]]], decision: 'declined' });
  await answer;
  expect(asked[0]).toEqual([expect.any(String), '  text:', '  | x [2K y', '  | repo: other']);
});

it('a long text is shown to the person who decides in full, and one without end says how much is missing', async () => {
  const body = `# Why\n\n  indented\n${'b'.repeat(4000)}`;
  const { answer, asked } = await askFake({
    rounds: [
      [['a_write', { text: body, dry_run: false }]],
      [['a_write', { text: 'e'.repeat(10_042), dry_run: false }]],
    ],
    decision: 'declined',
  });
  await answer;
  expect(asked[0]!.slice(1)).toEqual(['  text:', ...body.split('\n').map((line) => `  | ${line}`)]);
  expect(asked[1]!.slice(1)).toEqual([
    '  text:',
    `  | ${'e'.repeat(10_000)}`,
    '  42 more characters of text are not shown.',
  ]);
});

it('nobody is asked about a change that the gateway refuses; the model gets the reason', async () => {
  const { answer, calls, asked, outputs } = await askFake({
    rounds: [[['a_write', { text: 'x', dry_run: false }]]],
    answers: [refuse(403)],
    decision: 'agreed',
  });
  await answer;
  expect(asked).toEqual([]);
  expect(calls.map(({ body }) => body)).toEqual([{ text: 'x', dry_run: true }]);
  expect(outputs()).toEqual(['The call failed with HTTP 403: No, 403.']);
});

it('a dry run asks nobody, and is never confirmed', async () => {
  const { answer, calls, asked } = await askFake({
    rounds: [[['a_write', { text: 'x', dry_run: null, confirm: true }]]],
    decision: 'agreed',
  });
  await answer;
  expect(asked).toEqual([]);
  expect(calls.map(({ body }) => body)).toEqual([{ text: 'x' }]);
});

it('a call of an unknown tool, or without an object of arguments, is answered without a request', async () => {
  const { answer, calls, outputs } = await askFake({
    rounds: [
      [
        ['none', {}],
        ['a_read', '[1]'],
        ['a_read', '{'],
      ],
    ],
  });
  await answer;
  expect(calls).toEqual([]);
  expect(outputs()).toEqual([
    'There is no such tool; the tools are a_read, a_write, a_odd.',
    'The arguments are not a JSON object.',
    'The arguments are not a JSON object.',
  ]);
});

it('a model that only calls tools is stopped after 25 rounds', async () => {
  const rounds = Array.from({ length: 30 }, () => [READ] as [string, unknown][]);
  const { answer, calls } = await askFake({ rounds });
  await expect(answer).rejects.toThrow('The model has called tools 25 times in a row without an answer');
  expect(calls).toHaveLength(25);
});

it('an abort ends a call that runs', async () => {
  const stop = new AbortController();
  const begun = Promise.withResolvers<void>();
  const closed = Promise.withResolvers<void>();
  const { answer } = await askFake({
    rounds: [[READ]],
    signal: stop.signal,
    answers: [
      (request) => {
        request.socket.once('close', closed.resolve);
        begun.resolve();
      },
    ],
  });
  await begun.promise;
  stop.abort(new Error('stopped'));
  await expect(answer).rejects.toThrow('stopped');
  await closed.promise;
});
