import { once } from 'node:events';
import { expect, it } from 'vitest';
import { openChildListener } from '../../../src/app/copilot/child-listener.ts';
import { createKeptFailures } from '../../../src/app/copilot/kept-failures.ts';
import type { CopilotAdapter } from '../../../src/upstream/copilot/adapter.ts';

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
  const listener = await openChildListener({
    adapter: { respond },
    failures,
    command: 'codex-gateway',
    stallLimitMs: 60_000,
  });
  const send = async () =>
    await fetch(`${listener.baseUrl}/responses`, {
      method: 'POST',
      headers: { authorization: `Bearer ${listener.secret}` },
      body: '{}',
    });
  const answer = send();
  answer.catch(() => {});
  await asked.promise;
  await listener.close();
  await ended.promise;
  await expect(answer).rejects.toThrow('fetch failed');
  await expect(send()).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
});
