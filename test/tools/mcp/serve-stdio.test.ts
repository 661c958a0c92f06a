import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { createInterface } from 'node:readline';
import { expect, it } from 'vitest';
import { encodeProblem } from '../../../src/http/tools/encode-problem.ts';
import { serveToolsOverStdio } from '../../../src/tools/mcp/serve-stdio.ts';
import type { AnyTool } from '../../../src/tools/tool.ts';
import { createFakeTool, createHangingTool } from '../../support/fake-tool.ts';
import { INITIALIZE, toolCall } from '../../support/mcp-requests.ts';
import { openTestTools } from '../../support/open-test-tools.ts';

/** Serves tools to a client that is a pair of streams. */
async function serve(tools: AnyTool[], messageLimitBytes = 1_000_000) {
  const { service, audit } = await openTestTools({ tools });
  const [input, output, stop] = [new PassThrough(), new PassThrough(), new AbortController()];
  let problems = 0;
  const finished = serveToolsOverStdio({
    service,
    version: '1.2.3',
    describeError: (error) => encodeProblem(error).body,
    input,
    output,
    messageLimitBytes,
    signal: stop.signal,
    onProblem: () => void (problems += 1),
  });
  const lines = createInterface({ input: output });
  lines.on('error', () => {});
  const answers: unknown[] = [];
  lines.on('line', (line) => answers.push(JSON.parse(line)));
  return {
    input,
    output,
    stop,
    finished,
    audit,
    answers,
    problems: () => problems,
    send: (...messages: unknown[]) =>
      void input.write(messages.map((message) => `${JSON.stringify(message)}\n`).join('')),
  };
}

it('a script that sends everything at once gets every answer', async () => {
  const { tool } = createFakeTool();
  const { input, send, finished, answers, audit } = await serve([tool]);
  send(
    INITIALIZE,
    { jsonrpc: '2.0', id: 1, method: 'tools/list' },
    toolCall('fake_change', { title: 'x' }, 2),
  );
  input.end();
  await finished;
  expect(answers).toMatchObject([
    { id: 0, result: { serverInfo: { name: 'codex-gateway', version: '1.2.3' } } },
    { id: 1, result: { tools: [{ name: 'fake_change' }] } },
    { id: 2, result: { structuredContent: { title: 'x', dry_run: true } } },
  ]);
  expect(audit()).toMatchObject([{ key: 'stdio', assistant: 'script', tool: 'fake.change' }]);
});

it.each([
  ['its input ends', ({ input }: Awaited<ReturnType<typeof serve>>) => void input.end()],
  ['its output breaks', ({ output }) => void output.destroy(new Error('EPIPE'))],
  ['the process is asked to end', ({ stop }) => stop.abort()],
])('a call that runs is cancelled when %s', async (_what, leave) => {
  const { tool, started, ended } = createHangingTool();
  const served = await serve([tool]);
  served.send(INITIALIZE, toolCall('fake_change', { title: 'x' }));
  await started;
  leave(served);
  expect(await ended).toBeInstanceOf(Error);
  await served.finished;
});

it('a call is cancelled by a notification, and the client goes on', async () => {
  const { tool, started, ended } = createHangingTool();
  const { input, output, send, finished, answers } = await serve([tool]);
  send(INITIALIZE, toolCall('fake_change', { title: 'x' }, 5));
  await started;
  send({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 5 } });
  await ended;
  send({ jsonrpc: '2.0', id: 6, method: 'ping' });
  await once(output, 'data');
  input.end();
  await finished;
  expect(answers).toMatchObject([{ id: 0 }, { id: 6, result: {} }]);
});

it('a message that cannot be read is skipped, and one that is too long ends the connection', async () => {
  const { input, output, send, finished, answers, problems } = await serve([], 5_000);
  input.write('not JSON\n');
  send(INITIALIZE);
  await once(output, 'data');
  input.write('x'.repeat(6_000));
  await finished;
  expect(answers).toMatchObject([{ id: 0 }]);
  expect(problems()).toBeGreaterThanOrEqual(1);
});
