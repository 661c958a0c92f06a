/*
 * Compares everything that goes to the model's provider, byte by byte, with what was recorded earlier: `recordings/` has a
 * file for each case below, with the requests that the provider got in that case. Ids and times that differ in every run
 * are replaced by numbers; `format-request.ts` says how.
 *
 * A difference is a change of what the model sees. If you did not mean to make one, you have found a mistake. Record
 * again, with `npm run test:record`, only after an upgrade of `@openai/codex`, after an intended change of what goes upstream,
 * or for a new case. Then read every line of `git diff test/e2e/recordings`, and commit it together with its cause. Delete
 * the file of a case that is gone. In any other run a missing recording fails.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatRequest } from '../support/format-request.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { parseData, readEvents } from '../support/read-events.ts';
import { connect, type ResponseSocket } from '../support/response-socket.ts';
import { CHAT_MESSAGES } from '../support/recorded-requests/chat-messages.ts';
import { CHAT_OPTIONS } from '../support/recorded-requests/chat-options.ts';
import { CHAT_TOOL_RESULTS } from '../support/recorded-requests/chat-tool-results.ts';
import { CHAT_TOOLS } from '../support/recorded-requests/chat-tools.ts';
import {
  SOCKET,
  type ClientRequest,
  type RecordedCases,
  type Reply,
} from '../support/recorded-requests/client-request.ts';
import { FORMATS } from '../support/recorded-requests/formats.ts';
import { RESPONSE_ITEMS } from '../support/recorded-requests/response-items.ts';
import { RESPONSES } from '../support/recorded-requests/responses.ts';
import { say } from '../support/upstream.ts';

const RECORDINGS = join(import.meta.dirname, 'recordings');

const GROUPS: Readonly<Record<string, RecordedCases>> = {
  'chat-messages': CHAT_MESSAGES,
  'chat-options': CHAT_OPTIONS,
  'chat-tools': CHAT_TOOLS,
  'chat-tool-results': CHAT_TOOL_RESULTS,
  formats: FORMATS,
  responses: RESPONSES,
  'response-items': RESPONSE_ITEMS,
};

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({
    config: {
      models: [
        { id: 'gpt-5.5' },
        { id: 'gpt-6-sol' },
        { id: 'unheard-of' },
        {
          id: 'deep',
          model: 'gpt-6-sol',
          reasoningEffort: 'low',
          verbosity: 'low',
          serviceTier: 'priority',
          system: 'Answer as a pirate would.',
        },
        { id: '*', model: 'gpt-5.5' },
      ],
    },
  });
});
afterAll(() => gateway.close());

interface Client {
  /** Opens a WebSocket the first time. */
  readonly socket: () => ResponseSocket;
  /** To the earlier requests of the case. */
  readonly replies: readonly Reply[];
}

async function send({ path, body, script = say('Hello.') }: ClientRequest, { socket, replies }: Client) {
  const value = typeof body === 'function' ? body(replies) : body;
  const sent = typeof value === 'string' ? value : JSON.stringify(value);
  gateway.upstream.use(script);
  // A body that is made of replies holds random ids of the gateway.
  const known = typeof body === 'function' ? '' : sent;
  return { known, reply: path === SOCKET ? await askOverSocket(socket(), sent) : await post(path, sent) };
}

async function askOverSocket(socket: ResponseSocket, sent: string): Promise<Reply> {
  const last = (await socket.ask(JSON.parse(sent) as Parameters<ResponseSocket['ask']>[0])).at(-1)!;
  if (last.type !== 'response.completed') throw new Error(JSON.stringify(last));
  return last.response as object as Reply;
}

async function post(path: string, sent: string): Promise<Reply> {
  const response = await gateway.fetch(path, { method: 'POST', body: sent });
  const text = await response.text();
  if (!response.ok || text.includes('"error":{')) throw new Error(`${path}: ${text}`);
  const streamed = response.headers.get('content-type')!.startsWith('text/event-stream');
  return streamed ? lastResponseIn(text) : (JSON.parse(text) as Reply);
}

/** The response in the last event of a stream; a stream of chat completions has none. */
function lastResponseIn(text: string): Reply {
  const data = readEvents(text, false).events.map((event) => event.data);
  const last = data.findLast((one) => one !== '[DONE]')!;
  return (parseData(last) as { readonly response?: Reply }).response ?? { id: '' };
}

const envelopes = new Set<string>();

/** Makes the requests of a case; returns those that the provider got for each of them, as text. */
async function record(requests: readonly ClientRequest[]): Promise<string> {
  const replies: Reply[] = [];
  const recorded: string[] = [];
  let socket: ResponseSocket | undefined;
  const client = { socket: () => (socket ??= connect(gateway.client)), replies };
  for (const request of requests) {
    const { known, reply } = await send(request, client);
    replies.push(reply);
    const got = gateway.upstream.requests.splice(0).map((one) => formatRequest(one, known));
    for (const { envelope } of got) envelopes.add(envelope);
    const bodies = got.map(({ body }) => body);
    recorded.push(`[\n${(request.severalAtOnce ? bodies.toSorted() : bodies).join(',\n')}\n]`);
  }
  return `[\n${recorded.join(',\n')}\n]\n`;
}

describe.each(Object.entries(GROUPS))('what goes upstream is as recorded: %s', (group, cases) => {
  it.each(Object.entries(cases))('%s', async (name, requests) => {
    await expect(await record(requests)).toMatchFileSnapshot(join(RECORDINGS, group, `${name}.json`));
  });
});

it('the headers and the metadata of every request are as recorded', async () => {
  await expect(`${[...envelopes].join('\n')}\n`).toMatchFileSnapshot(join(RECORDINGS, 'envelope.json'));
});

it('every recording has a case', () => {
  const cases = Object.entries(GROUPS).flatMap(([group, cases]) =>
    Object.keys(cases).map((name) => `${group}/${name}.json`),
  );
  const recorded = readdirSync(RECORDINGS, { recursive: true, encoding: 'utf8' });
  const files = recorded.filter((path) => path.endsWith('.json'));
  expect(files.filter((path) => !cases.includes(path))).toEqual(['envelope.json']);
});
