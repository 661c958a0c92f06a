import { expect, it } from 'vitest';
import { COPILOT_TOKEN, useCopilotGateway } from '../../support/copilot/copilot-fakes.ts';
import { createVisibleFolder, temporaryFolder } from '../../support/temporary-folder.ts';

interface Answer {
  readonly session: {
    readonly id: string;
    readonly status: string;
    readonly messages: readonly object[];
  };
}

it('a session on GitHub Copilot reaches it with the sign-in of Copilot', async () => {
  const config = { sessions: { roots: [temporaryFolder(createVisibleFolder)] } };
  const gateway = await useCopilotGateway({ config });
  const call = async (path: string, json?: object) => {
    const response = await gateway.fetch(path, json && { method: 'POST', body: JSON.stringify(json) });
    return { status: response.status, body: (await response.json()) as Answer };
  };
  const created = await call('/chat/sessions', { provider: 'copilot', model: 'gpt-5.5' });
  expect(created).toMatchObject({
    status: 201,
    body: { session: { runtime_provider: 'copilot', auth_mode: 'none' } },
  });
  const path = `/chat/sessions/${created.body.session.id}`;
  await call(`${path}/messages`, { message: 'Hello.' });
  await expect.poll(async () => (await call(path)).body.session.status, { timeout: 20_000 }).toBe('idle');
  const { messages } = (await call(path)).body.session;
  expect(messages.at(-1)).toMatchObject({ role: 'assistant', text: 'Hello from Copilot.' });
  const sent = gateway.copilot.requests.filter(({ method }) => method === 'POST');
  expect(sent.map(({ headers }) => headers.authorization)).toEqual([`Bearer ${COPILOT_TOKEN}`]);
  expect(gateway.upstream.requests).toEqual([]);
});
