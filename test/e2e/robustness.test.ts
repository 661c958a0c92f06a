import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { childrenOf, until } from '../support/process.ts';
import { say, sendItem, stall, type UpstreamRequest } from '../support/upstream.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway.close());

/** A file that a model's tool call tries to make. */
const FORBIDDEN = join(tmpdir(), `codex-gateway-forbidden-${process.pid}`);

const MODEL = 'gpt-6-sol';
const ask = (content: string) => ({ model: MODEL, messages: [{ role: 'user' as const, content }] });
const said = ({ body }: UpstreamRequest) => body.input.at(-1)!.content?.[0]?.text;

describe('many requests at once', () => {
  it('get each its own text when 32 run at once', async () => {
    const everyoneIsHere = Promise.withResolvers<void>();
    let waiting = 0;
    gateway.upstream.use(async (request, response) => {
      waiting += 1;
      if (waiting === 32) everyoneIsHere.resolve();
      // Nobody is answered before all 32 have arrived.
      await everyoneIsHere.promise;
      await say(`answer to ${said(request)}`)(request, response);
    });
    const answers = await Promise.all(
      Array.from({ length: 32 }, (_, index) => gateway.client.chat.completions.create(ask(`q${index}`))),
    );
    expect(answers.map((answer) => answer.choices[0]!.message.content)).toEqual(
      Array.from({ length: 32 }, (_, index) => `answer to q${index}`),
    );
  });

  it('are not disturbed by one that is refused', async () => {
    gateway.upstream.use(say('fine'));
    const [good, bad] = await Promise.all([
      gateway.client.chat.completions.create(ask('x')),
      gateway.post('{"model":'),
    ]);
    expect(good.choices[0]!.message.content).toBe('fine');
    expect(bad.status).toBe(400);
  });
});

describe('a client that goes away', () => {
  it('stops the upstream call in the middle of a stream', async () => {
    gateway.upstream.use(stall('first'));
    const controller = new AbortController();
    const response = await gateway.post({ ...ask('x'), stream: true }, { signal: controller.signal });
    await response.body!.getReader().read();
    controller.abort();
    await expect(gateway.upstream.requests.at(-1)!.aborted).resolves.toBeUndefined();
  });

  it('stops the upstream call while it waits for an answer', async () => {
    const arrived = Promise.withResolvers<void>();
    gateway.upstream.use(() => arrived.resolve());
    const controller = new AbortController();
    const response = gateway.post(ask('x'), { signal: controller.signal });
    await arrived.promise;
    controller.abort();
    await expect(response).rejects.toThrow();
    await gateway.upstream.requests.at(-1)!.aborted;
    gateway.upstream.use(say('still here'));
    expect((await gateway.client.chat.completions.create(ask('x'))).choices[0]!.message.content).toBe(
      'still here',
    );
  });
});

describe('a model that calls a tool that was not offered', () => {
  const functionCall = (name: string, args: unknown) => ({
    type: 'function_call',
    id: 'fc_1',
    call_id: 'call_1',
    name,
    arguments: JSON.stringify(args),
  });

  it.each([
    ['exec_command', functionCall('exec_command', { cmd: `touch ${FORBIDDEN}` })],
    ['shell', functionCall('shell', { command: ['touch', FORBIDDEN] })],
    ['write_stdin', functionCall('write_stdin', { session_id: 1, chars: 'x' })],
    ['view_image', functionCall('view_image', { path: '/etc/hostname' })],
    ['update_plan', functionCall('update_plan', { plan: [] })],
    ['spawn_agent', functionCall('spawn_agent', { message: 'x' })],
    ['request_user_input', functionCall('request_user_input', { questions: [] })],
    [
      'apply_patch',
      {
        type: 'custom_tool_call',
        id: 'ct_1',
        call_id: 'call_1',
        name: 'apply_patch',
        input: '*** Begin Patch',
      },
    ],
    ['exec', { type: 'custom_tool_call', id: 'ct_1', call_id: 'call_1', name: 'exec', input: '1 + 1' }],
    [
      'local_shell_call',
      {
        type: 'local_shell_call',
        call_id: 'call_1',
        status: 'completed',
        action: { type: 'exec', command: ['id'] },
      },
    ],
    ['arguments that are not JSON', { ...functionCall('nonsense', {}), arguments: '{' }],
  ])('(%s) gets a clear error at the first call, and nothing runs', async (_name, item) => {
    const answer = (request: UpstreamRequest) => (said(request) === 'y' ? say('fine') : sendItem(item));
    gateway.upstream.use((request, response) => answer(request)(request, response));
    await expect(gateway.client.chat.completions.create(ask('x'))).rejects.toMatchObject({
      status: 502,
      code: 'unknown_tool_call',
    });
    // Codex may have asked a few times more before the interrupt came; it does not go on.
    const asked = () => gateway.upstream.requests.filter((request) => said(request) !== 'y').length;
    const further = async () => {
      const before = asked();
      await gateway.client.chat.completions.create(ask('y'));
      return asked() - before;
    };
    await expect.poll(further).toBe(0);
    expect(existsSync(FORBIDDEN)).toBe(false);
  });
});

describe('a Codex that dies', () => {
  const codexPid = () => {
    const pids = childrenOf(process.pid, 'app-server');
    expect(pids).toHaveLength(1);
    return pids[0]!;
  };

  it('ends its running turns in clear errors and is started again at once', async () => {
    gateway.upstream.use(stall('first'));
    const stream = await gateway.client.chat.completions.create({ ...ask('x'), stream: true });
    const arrived = Promise.withResolvers<void>();
    gateway.upstream.use(() => arrived.resolve());
    const whole = gateway.client.chat.completions.create(ask('x')).catch((error: unknown) => error);
    await arrived.promise;
    const pid = codexPid();
    process.kill(pid, 'SIGKILL');
    await expect(Array.fromAsync(stream)).rejects.toThrow('Codex ended');
    expect(await whole).toMatchObject({ status: 503, code: 'codex_unavailable' });

    gateway.upstream.use(say('back again'));
    const completion = await gateway.client.chat.completions.create(ask('x'));
    expect(completion.choices[0]!.message.content).toBe('back again');
    expect(codexPid()).not.toBe(pid);
  });

  it('does not fail the requests that come while it starts', async () => {
    gateway.upstream.use(say('fine'));
    const pid = codexPid();
    process.kill(pid, 'SIGKILL');
    await until(
      () => gateway.log.lines.filter((line) => line.includes('ended, starting it again')).length >= 2,
    );
    const answers = await Promise.all([1, 2, 3].map(() => gateway.client.chat.completions.create(ask('x'))));
    expect(answers.map((answer) => answer.choices[0]!.message.content)).toEqual(['fine', 'fine', 'fine']);
  });
});
