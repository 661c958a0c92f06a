import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { startTestAppServer } from '../support/app-server.ts';
import { until } from '../support/process.ts';
import { sayItems } from '../support/upstream-answers.ts';
import { call } from '../support/upstream-tools.ts';
import {
  breakOff,
  failLater,
  refuse,
  say,
  sendCompleted,
  sendItemDone,
  sendItem,
  stall,
  type Script,
  startMessage,
  startResponse,
} from '../support/upstream.ts';
import { useTestGateway } from '../support/use-test-gateway.ts';
import { dataUrl, SMALL } from '../support/images.ts';

const gateway = useTestGateway({
  config: { transport: 'websocket', deadlines: { idle: 1 } },
  hasSockets: true,
});

const MODEL = 'gpt-5.5';
const sockets = () => gateway.upstream.sockets!;
const isSocket = (index: number) => gateway.upstream.requests[index]!.headers.upgrade === 'websocket';
const ways = () => gateway.upstream.requests.map((_, index) => (isSocket(index) ? 'websocket' : 'http'));
const warnings = () => gateway.log.lines.filter((line) => line.includes('WebSocket to the provider failed'));

afterEach(() => {
  sockets().refuse(undefined);
  gateway.upstream.use(say('Hello.'));
  gateway.log.lines.length = 0;
});

async function ask(content: unknown = 'hello', further: object = {}) {
  const response = await gateway.post({ model: MODEL, messages: [{ role: 'user', content }], ...further });
  return { status: response.status, body: (await response.json()) as Answer };
}

interface Answer {
  readonly choices?: readonly { readonly message: Message; readonly finish_reason: string }[];
  readonly usage?: object;
  readonly error?: { readonly code: string; readonly message: string };
}

interface Message {
  readonly content: string | null;
  readonly tool_calls?: readonly object[];
}

/** Asks for a stream, and returns the text that came and the error at its end. */
async function askForStream() {
  const response = await gateway.post({
    model: MODEL,
    stream: true,
    messages: [{ role: 'user', content: 'hello' }],
  });
  const text = await response.text();
  const chunks = [...text.matchAll(/^data: (\{.*)$/gm)].map(
    ([, data]) =>
      JSON.parse(data!) as {
        readonly choices?: readonly { readonly delta: { readonly content?: string } }[];
        readonly error?: object;
      },
  );
  return {
    text: chunks.map(({ choices }) => choices?.[0]?.delta.content ?? '').join(''),
    error: chunks.find(({ error }) => error)?.error,
  };
}

describe('over a WebSocket', () => {
  it('a turn sends the same conversation, and its answer and usage come back', async () => {
    const { body } = await ask();
    expect(body.choices![0]).toMatchObject({ message: { content: 'Hello.' }, finish_reason: 'stop' });
    expect(body.usage).toMatchObject({ prompt_tokens: 11, completion_tokens: 7 });
    expect(ways()).toEqual(['websocket']);
    const [{ body: sent }] = gateway.upstream.requests as [(typeof gateway.upstream.requests)[0]];
    expect(sent).toMatchObject({ type: 'response.create', model: MODEL, tools: [] });
    expect(sent.input).toMatchObject([{ role: 'user', content: [{ type: 'input_text', text: 'hello' }] }]);
  });

  it('calls of tools come with their arguments, and the model is asked once', async () => {
    gateway.upstream.use(
      call({ name: 'look', arguments: { at: 1 } }, { name: 'look', arguments: { at: 2 } }),
    );
    const tools = [{ type: 'function', function: { name: 'look', parameters: { type: 'object' } } }];
    const { body } = await ask('hello', { tools });
    expect(body.choices![0]).toMatchObject({
      finish_reason: 'tool_calls',
      message: {
        tool_calls: [{ function: { arguments: '{"at":1}' } }, { function: { arguments: '{"at":2}' } }],
      },
    });
    expect(gateway.upstream.requests).toHaveLength(1);
  });

  it('a call of a tool that the request does not offer asks the model once', async () => {
    const appServer = await startTestAppServer({ transport: 'websocket' });
    onTestFinished(() => appServer.close());
    const { upstream, runTurn, keptToOnce } = appServer;
    const item = { type: 'function_call', id: 'fc_1', call_id: 'call_1', name: 'other', arguments: '{}' };
    const question = {
      type: 'message',
      role: 'user',
      parts: [{ type: 'text', text: 'hello' }],
      path: '',
    } as const;
    const look = { name: 'look', description: '', parameters: { type: 'object' }, strict: false, path: '' };
    upstream.use(sayItems([item], { until: keptToOnce }));
    const events = await runTurn({ model: MODEL, items: [question], tools: [look] });
    expect(events.at(-1)).toMatchObject({ type: 'turn-end', reason: 'tool-calls' });
    // By then Codex would have asked again, had it not been stopped.
    upstream.use(say('Hello.'));
    await runTurn({ model: MODEL, items: [question] });
    expect(upstream.requests.map(({ headers }) => headers.upgrade)).toEqual(['websocket', 'websocket']);
  });

  it('a conversation goes on over its WebSocket, and by another way if that has closed meanwhile', async () => {
    const question = (content: string) => ({ role: 'user', content });
    const messages: object[] = [question('One.')];
    for (const next of ['Two.', 'Three.']) {
      const { body } = await ask('', { messages });
      messages.push(body.choices![0]!.message, question(next));
    }
    const { used } = sockets();
    expect(used.at(-1)).toBe(used.at(-2));
    for (const socket of sockets().open) socket.terminate();
    const { status, body } = await ask('', { messages });
    expect([status, body.choices?.[0]?.message.content]).toEqual([200, 'Hello.']);
    const last = gateway.upstream.requests.at(-1)!.body.input;
    expect(last.map(({ content }) => content?.[0]?.text)).toEqual([
      'One.',
      'Hello.',
      'Two.',
      'Hello.',
      'Three.',
    ]);
  });

  it('reasoning is summarized, and can be sent back', async () => {
    const reasoning = {
      type: 'reasoning',
      id: 'rs_1',
      encrypted_content: 'sealed',
      summary: [{ type: 'summary_text', text: 'Thinking.' }],
    };
    const message = {
      type: 'message',
      role: 'assistant',
      id: 'msg_1',
      content: [{ type: 'output_text', text: 'Done.', annotations: [] }],
    };
    gateway.upstream.use(sendItem(reasoning, message));
    const response = await gateway.client.responses.create({
      model: MODEL,
      input: 'hello',
      include: ['reasoning.encrypted_content'],
    });
    expect(response.output).toMatchObject([
      { type: 'reasoning', encrypted_content: 'sealed' },
      { type: 'message', content: [{ text: 'Done.' }] },
    ]);
  });

  it('images and large conversations arrive unchanged', async () => {
    const text = 'x'.repeat(3_000_000);
    const url = dataUrl(SMALL.png);
    await ask([
      { type: 'text', text },
      { type: 'image_url', image_url: { url } },
    ]);
    const [{ body }] = gateway.upstream.requests as [(typeof gateway.upstream.requests)[0]];
    expect(body.input[0]!.content).toMatchObject([{ text }, { image_url: url }]);
    expect(ways()).toEqual(['websocket']);
  });

  it.each([
    [400, { error: { message: 'Bad value.', type: 'invalid_request_error', code: 'x' } }, 400, 'x'],
    [429, { error: { message: 'Slow down.', code: 'rate_limit_exceeded' } }, 429, 'rate_limit_exceeded'],
    [503, { error: { message: 'Full.', code: 'server_is_overloaded' } }, 503, 'server_is_overloaded'],
  ])('an error of status %i reaches the client', async (status, error, expected, code) => {
    gateway.upstream.use(refuse(status, error));
    const { status: answered, body } = await ask();
    expect([answered, body.error!.code]).toEqual([expected, code]);
    expect(ways()).toEqual(['websocket']);
  });

  it('a client that leaves closes it', async () => {
    gateway.upstream.use(stall('Hel'));
    const leaving = new AbortController();
    const response = await gateway.post(
      { model: MODEL, stream: true, messages: [{ role: 'user', content: 'hello' }] },
      { signal: leaving.signal },
    );
    await until(() => gateway.upstream.requests.length === 1);
    const reading = response.text();
    leaving.abort();
    await expect(reading).rejects.toThrow();
    await gateway.upstream.requests[0]!.aborted;
  });

  it('one that the provider has closed in the meantime is opened again', async () => {
    await ask();
    await until(() => sockets().open.size > 0);
    for (const socket of sockets().open) socket.terminate();
    const { body } = await ask();
    expect(body.choices![0]!.message.content).toBe('Hello.');
    expect([ways(), warnings()]).toEqual([['websocket', 'websocket'], []]);
  });
});

/** Closes the connection before anything is said. */
const cut: Script = (_request, response) => void response.destroy();

describe('a WebSocket that fails before the model has begun', () => {
  it.each([
    ['is cut', cut],
    ['is refused as a server error', refuse(500, { error: { message: 'no', code: 'server_error' } })],
    ['reports a failed response', failLater('server_error')],
  ])('because it %s: the turn goes by HTTP, and only the log says so', async (_what, script) => {
    gateway.upstream.use(async (request, response) => {
      const isFirst = request.headers.upgrade === 'websocket';
      await (isFirst ? script : say('Hello.'))(request, response);
    });
    expect(await askForStream()).toEqual({ text: 'Hello.', error: undefined });
    expect(ways()).toEqual(['websocket', 'http']);
    expect(warnings()).toHaveLength(1);
  });

  it.each([401, 403, 426, 503])('because its opening is refused with %i: likewise', async (status) => {
    sockets().refuse(status);
    for (const socket of sockets().open) socket.terminate();
    expect((await ask()).body.choices![0]!.message.content).toBe('Hello.');
    expect(ways()).toEqual(['http']);
    // Codex says nothing about a 426; what it says of others may come after the answer.
    if (status !== 426) await until(() => warnings().length > 0);
    expect(warnings()).toHaveLength(status === 426 ? 0 : 1);
  });
});

describe('a WebSocket that fails after the model has begun', () => {
  it('is an error, in which nothing of the second attempt shows', async () => {
    gateway.upstream.use((request, response) => {
      if (request.headers.upgrade === 'websocket') return breakOff('Hel')(request, response);
      return startMessage(response, 'again', ' and again');
    });
    const { text, error } = await askForStream();
    expect(text).toBe('Hel');
    expect(error).toMatchObject({
      code: 'upstream_error',
      message: expect.stringMatching(
        /^The model provider failed, or the connection to it broke off\. .*may have been asked/,
      ),
    });
    // If the second attempt was already under way, it is cut.
    await Promise.all(gateway.upstream.requests.slice(1).map(({ aborted }) => aborted));
  });

  it('is an error after a call, which does not come twice', async () => {
    const item = { type: 'function_call', id: 'fc_1', call_id: 'call_1', name: 'look', arguments: '{}' };
    gateway.upstream.use((request, response) => {
      startResponse(response);
      sendItemDone(response, item);
      if (request.headers.upgrade === 'websocket') setImmediate(() => response.destroy());
      else sendCompleted(response);
    });
    const { status, body } = await ask('hello', {
      tools: [{ type: 'function', function: { name: 'look' } }],
    });
    expect([status, body.error!.code]).toEqual([502, 'upstream_error']);
  });

  it('because the provider is silent: the error says that', async () => {
    gateway.upstream.use(stall('Hel'));
    const { text, error } = await askForStream();
    expect([text, error]).toEqual(['Hel', expect.objectContaining({ code: 'idle_timeout' })]);
  });
});

describe('threads that are started ahead', () => {
  const own = useTestGateway({ config: { transport: 'websocket' }, hasSockets: true });

  it('have their WebSocket open before the request comes', async () => {
    const { open, used } = own.upstream.sockets!;
    const body = { model: MODEL, messages: [{ role: 'user', content: 'hello' }] };
    const unused = () => [...open].filter((socket) => !used.includes(socket));
    await own.post(body);
    await until(() => unused().length > 0);
    const [ready] = unused();
    await own.post(body);
    expect(used.at(-1)).toBe(ready);
  });
});

/** The providers in the `config.toml` that the app-server reads. */
function configOf({ stateDirectory }: { readonly stateDirectory: string }): string {
  const [home] = readdirSync(join(stateDirectory, 'homes'));
  return readFileSync(join(stateDirectory, 'homes', home!, 'config.toml'), 'utf8');
}

describe('the other transports', () => {
  const byHttp = useTestGateway({ hasSockets: true });
  const byItself = useTestGateway({ config: { transport: 'auto' }, hasSockets: true });

  it.each([
    ['http, which is the default,', byHttp],
    ['auto, for a provider other than OpenAI,', byItself],
  ])('%s open no WebSocket', async (_what, own) => {
    await own.post({ model: MODEL, messages: [{ role: 'user', content: 'hello' }] });
    expect(own.upstream.requests.map(({ headers }) => headers.upgrade)).toEqual([undefined]);
    expect(own.upstream.sockets!.open.size).toBe(0);
    expect(configOf(own)).not.toContain('supports_websockets = true');
  });
});
