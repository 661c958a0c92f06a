import { expect, it } from 'vitest';
import { serveTools } from '../../support/serve-tools.ts';

const DIFF = '+++ b/a.txt\n@@ -0,0 +1 @@\n+<<<<<<< ours\n';

it('a tool gives the same answer over REST and by the Model Context Protocol of both generations', async () => {
  const { post, connect } = await serveTools();
  const { status, body } = await post('/repo/hygiene', { diff: DIFF });
  expect(status).toBe(200);
  expect(body.issues).toMatchObject([{ type: 'lint', rule: 'conflict-marker', severity: 'error' }]);
  for (const mode of ['legacy', 'auto'] as const) {
    const client = await connect(mode);
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(['repo_hygiene']);
    const result = await client.callTool({ name: 'repo_hygiene', arguments: { diff: DIFF } });
    expect(result.structuredContent).toEqual(body);
  }
});

it('a key without the scope `tools` is refused', async () => {
  const { post } = await serveTools();
  expect(await post('/repo/hygiene', { diff: '' }, 'openai')).toMatchObject({
    status: 403,
    body: { status: 403, title: 'Forbidden' },
  });
});
