import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { useCopilotServer } from '../../support/copilot/copilot-server.ts';
import { answerWith, startRecordingServer } from '../../support/copilot/recording-server.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** Variables with which only GitHub can say where Copilot is. */
const NOT_SET = { COPILOT_RESPONSES_URL: '', COPILOT_MODELS_URL: '', COPILOT_BEARER_TOKEN: '' };

/** Another Copilot, such as that of a business. */
async function startBusinessCopilot() {
  const server = await startRecordingServer(answerWith(200, 'data: by the business\n\n'));
  onTestFinished(async () => await server.close());
  return server;
}

it('the endpoint of the exchange is used for requests and models, and shown by /copilot/health', async () => {
  const business = await startBusinessCopilot();
  const tokenFile = join(temporaryFolder(), 'tokens.json');
  writeFileSync(tokenFile, JSON.stringify({ githubToken: 'ghu_test' }));
  const gateway = await useCopilotServer({
    environment: { ...NOT_SET, COPILOT_TOKEN_FILE: tokenFile },
  });
  gateway.github.exchange = answerWith(200, {
    token: 'tid=business;exp=1:mac',
    expires_at: Math.floor(Date.now() / 1000) + 1800,
    refresh_in: 1500,
    endpoints: { api: `${business.origin}/api/` },
  });
  const answer = await gateway.respond('{}');
  expect(await answer.text()).toBe('data: by the business\n\n');
  await gateway.fetch('/copilot/v1/models');
  expect(business.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
    'POST /api/responses',
    'GET /api/models',
  ]);
  expect(business.requests[0]?.headers.authorization).toBe('Bearer tid=business;exp=1:mac');
  expect(await (await gateway.fetch('/copilot/health')).json()).toMatchObject({
    upstreamResponsesUrl: `${business.origin}/api/responses`,
    upstreamModelsUrl: `${business.origin}/api/models`,
  });
});

it('GitHub is asked once for the endpoint of a token that is not exchanged', async () => {
  const business = await startBusinessCopilot();
  const gateway = await useCopilotServer({ environment: { ...NOT_SET, GH_COPILOT_TOKEN: 'gho_test' } });
  gateway.github.graphql = answerWith(200, {
    data: { viewer: { copilotEndpoints: { api: business.origin } } },
  });
  await Promise.all([gateway.respond('{}'), gateway.respond('{}')]);
  await gateway.respond('{}');
  expect(business.requests.map(({ path }) => path)).toEqual(['/responses', '/responses', '/responses']);
  expect(gateway.github.requests.map(({ path }) => path)).toEqual(['/graphql']);
});

it('copilot.baseUrl goes before both, and GitHub is not asked', async () => {
  const business = await startBusinessCopilot();
  const gateway = await useCopilotServer({
    environment: { ...NOT_SET, GH_COPILOT_TOKEN: 'gho_test' },
    config: { copilot: { baseUrl: `${business.origin}/base` } },
  });
  await gateway.respond('{}');
  expect(business.requests.map(({ path }) => path)).toEqual(['/base/responses']);
  expect(gateway.github.requests).toEqual([]);
});

it('a Copilot that cannot be reached is a 502 without the query of its URL, and so is the line of the log', async () => {
  const gone = await startRecordingServer(() => {});
  await gone.close();
  const gateway = await useCopilotServer({
    environment: { COPILOT_RESPONSES_URL: `${gone.origin}/responses?key=planted-secret` },
  });
  const answer = await gateway.respond('{}');
  expect(answer.status).toBe(502);
  expect(await answer.json()).toEqual({
    error: {
      message: `The request to ${gone.origin}/responses failed: the connection was refused.`,
      type: 'server_error',
      param: null,
      code: 'upstream_request_failed',
    },
  });
  expect(gateway.log.lines.join('\n')).toContain('"code":"upstream_request_failed"');
  expect(gateway.log.lines.join('\n')).not.toContain('planted-secret');
});
