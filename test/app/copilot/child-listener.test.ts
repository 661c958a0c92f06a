import { once } from 'node:events';
import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { openChildListener, type ChildListener } from '../../../src/app/copilot/child-listener.ts';
import { createKeptFailures } from '../../../src/app/copilot/kept-failures.ts';
import { GatewayError } from '../../../src/base/errors.ts';
import type { CopilotAdapter } from '../../../src/upstream/copilot/adapter.ts';
import { brokenAnswer } from '../../../src/upstream/copilot/transport/upstream-failure.ts';

const OPTIONS = { command: 'codex-gateway', stallLimitMs: 60_000 };

async function ask({ baseUrl, secret }: ChildListener): Promise<Response> {
  const headers = { authorization: `Bearer ${secret}` };
  return await fetch(`${baseUrl}/responses`, { method: 'POST', headers, body: '{}' });
}

it('a close ends the requests that are under way, and the port is free when it resolves', async () => {
  const asked = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<void>();
  const respond: CopilotAdapter['respond'] = async (_, signal) => {
    asked.resolve();
    await once(signal, 'abort');
    ended.resolve();
    throw new Error('gone');
  };
  const failures = createKeptFailures();
  const listener = await openChildListener({ adapter: { respond }, failures, ...OPTIONS });
  const answer = ask(listener);
  answer.catch(() => {});
  await asked.promise;
  await listener.close();
  await ended.promise;
  await expect(answer).rejects.toThrow('fetch failed');
  await expect(ask(listener)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
});

it('an answer that falls silent is the error that Codex would name, if the gateway notices it first', async () => {
  const failures = createKeptFailures();
  async function* fallSilent() {
    yield 'data: {}\n\n';
    throw Object.assign(new Error('Body Timeout Error'), { code: 'UND_ERR_BODY_TIMEOUT' });
  }
  const body = Readable.from(fallSilent());
  const respond: CopilotAdapter['respond'] = async () => ({
    status: 200,
    headers: { 'content-type': 'text/event-stream' },
    body,
    explainBreak: brokenAnswer,
  });
  const listener = await openChildListener({ adapter: { respond }, failures, ...OPTIONS });
  const events = await (await ask(listener)).text();
  await listener.close();
  const code = /gateway_failure_\w+/.exec(events)?.[0];
  expect(failures.restore(new GatewayError('provider_rejected', '', { providerCode: code! }))).toMatchObject({
    code: 'idle_timeout',
    message: 'GitHub Copilot stopped sending.',
  });
});
