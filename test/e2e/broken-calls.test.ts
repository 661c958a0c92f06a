import { expect, it } from 'vitest';
import { askWithTools, functionTool, type Answer } from '../support/ask-with-tools.ts';
import { childrenOf, residentMegabytes } from '../support/process.ts';
import { call, callId, sendCalls } from '../support/upstream-tools.ts';
import {
  say,
  sendEvent,
  sendMessageDone,
  startMessage,
  startResponse,
  type Script,
} from '../support/upstream.ts';
import { useTestGateway } from '../support/use-test-gateway.ts';

const BROKEN_OFF =
  /^The model provider failed, or the connection to it broke off\. .*may have been asked already/;

/** With few places, few threads are loaded at once, however many requests come. */
const gateway = useTestGateway({ config: { limits: { running: 8 } } });

const messages = [{ role: 'user', content: 'Look.' }];
const tools = [functionTool('look')];
const LOOK = { name: 'look', arguments: '{}' };

type Ending = (response: Parameters<Script>[1]) => void;

/** Calls, and then ends in another way than a good answer does. */
const callAnd =
  (end: Ending): Script =>
  (_request, response) => {
    startResponse(response);
    sendCalls(response, [LOOK]);
    end(response);
  };

const incomplete =
  (reason: string): Ending =>
  (response) => {
    const result = { id: 'resp_1', status: 'incomplete', incomplete_details: { reason } };
    sendEvent(response, { type: 'response.incomplete', response: result });
    response.end();
  };

const failed: Ending = (response) => {
  const error = { code: 'server_error', message: 'boom' };
  sendEvent(response, { type: 'response.failed', response: { id: 'resp_1', status: 'failed', error } });
  response.end();
};

const cut: Ending = (response) => void setImmediate(() => response.destroy());

/** Asks both models, in both ways, at once: a broken answer takes two seconds to show. */
async function askAll(end: Ending): Promise<Answer[]> {
  gateway.upstream.use(callAnd(end));
  const answers = ['gpt-5.5', 'gpt-6-sol'].flatMap((model) => [
    askWithTools(gateway, { model, messages, tools }),
    askWithTools(gateway, { model, messages, tools }, 'streamed'),
  ]);
  return await Promise.all(answers);
}

it('a call in an answer that was too long ends with finish_reason length', async () => {
  for (const { message, finishReason, usage } of await askAll(incomplete('max_output_tokens'))) {
    expect(message.tool_calls).toEqual([{ id: callId(0), type: 'function', function: LOOK }]);
    expect(finishReason).toBe('length');
    expect(usage).toMatchObject({ estimated: true });
  }
  expect(gateway.upstream.requests).toHaveLength(4);
});

it('a call in an answer that was filtered ends with content_filter', async () => {
  for (const { finishReason } of await askAll(incomplete('content_filter')))
    expect(finishReason).toBe('content_filter');
  expect(gateway.upstream.requests).toHaveLength(4);
});

it.each([
  ['fails', failed],
  ['is cut', cut],
  ['just ends', (response) => void response.end()],
] satisfies [string, Ending][])('a call in an answer that %s is a 502', async (_what, end) => {
  for (const { status, error } of await askAll(end)) {
    expect([status, error?.code]).toEqual([502, 'upstream_error']);
    expect(error?.message).toMatch(BROKEN_OFF);
  }
  expect(gateway.upstream.requests).toHaveLength(4);
});

it('a call in a broken answer ends while other turns go on', async () => {
  const over = new AbortController();
  const other = [{ role: 'user', content: 'Say hello.' }];
  gateway.upstream.use((request, response) => {
    const isOther = JSON.stringify(request.body.input).includes('Say hello.');
    if (!isOther) return callAnd(cut)(request, response);
    // One at every time is enough: as many as there can be would keep the machine busy.
    setTimeout(() => void say('Hello.')(request, response), 200);
  });
  const answer = askWithTools(gateway, { model: 'gpt-6-sol', messages, tools }).finally(() => over.abort());
  while (!over.signal.aborted) await askWithTools(gateway, { model: 'gpt-6-sol', messages: other });
  expect((await answer).status).toBe(502);
});

it('sends the error as the last frame when a stream is cut after text and a call', async () => {
  gateway.upstream.use((_request, response) => {
    startMessage(response, 'One moment.');
    sendMessageDone(response, 'One moment.');
    sendCalls(response, [LOOK]);
    cut(response);
  });
  const { status, message, finishReason, error } = await askWithTools(
    gateway,
    { model: 'gpt-6-sol', messages, tools },
    'streamed',
  );
  expect([status, message.content, finishReason, error?.code]).toEqual([
    200,
    'One moment.',
    undefined,
    'upstream_error',
  ]);
});

it('leaves no thread loaded after calls, complete or broken', async () => {
  const [pid] = childrenOf(process.pid, 'app-server');
  const askMany = async (script: Script, length: number) => {
    gateway.upstream.use(script);
    const one = () => askWithTools(gateway, { model: 'gpt-6-sol', messages, tools });
    await Promise.all(Array.from({ length }, one));
  };
  const scripts = [call(LOOK), call({ ...LOOK, arguments: '{' }), callAnd(incomplete('max_output_tokens'))];
  for (const script of scripts) await askMany(script, 8);
  const before = residentMegabytes(pid!);
  for (const script of scripts) await askMany(script, 16);
  // A thread that stays loaded costs 0.84 MB.
  expect(residentMegabytes(pid!) - before).toBeLessThan(25);
});
