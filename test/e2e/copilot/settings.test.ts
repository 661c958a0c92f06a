import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { COPILOT_TOKEN } from '../../support/copilot/copilot-fakes.ts';
import { createCopilotUser, type CopilotServer } from '../../support/copilot/copilot-user.ts';
import { rateLimited } from '../../support/copilot/fake-copilot.ts';
import { exchangedToken } from '../../support/copilot/fake-github.ts';

const BODY = JSON.stringify({
  model: 'gpt-5.5',
  input: [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: 'private words' }] }],
  tools: [{ type: 'web_search' }, { type: 'function', name: 'f', parameters: {} }],
  reasoning: { effort: 'high' },
  client_metadata: { 'x-codex-turn-metadata': '{"turn_id":"1"}', kept: '1' },
});

/** Sends a request to a server that was started with the token `local-token-of-this-test`. */
const respond = (server: Pick<CopilotServer, 'respond'>, headers: Record<string, string> = {}, body = BODY) =>
  server.respond(body, { authorization: 'Bearer local-token-of-this-test', ...headers });

/** Stops a server, and reads a file that it has written. */
async function stopAndRead(server: CopilotServer, file: string): Promise<string> {
  server.kill('SIGTERM');
  await server.closed;
  return readFileSync(file, 'utf8');
}

it('the settings of the config file work in a gateway that runs as a process', async () => {
  const user = await createCopilotUser({ environment: { CODEX_GATEWAY_TOKEN: 'local-token-of-this-test' } });
  delete user.environment.COPILOT_RESPONSES_URL;
  delete user.environment.COPILOT_MODELS_URL;
  const diagnostics = join(user.home, 'notes.jsonl');
  const config = {
    bodyLimit: 20_000,
    copilot: {
      token: 'gho_config',
      baseUrl: user.copilot.origin,
      identity: 'gateway',
      headers: { 'x-extra': '1', 'openai-intent': null },
      forwardHeaders: ['x-mine'],
      stripWebSearch: false,
      stripTurnMetadata: false,
      rateLimit: { budget: 0 },
      diagnostics: { level: 'content_redacted', file: diagnostics },
      models: { 'gpt-5.5': { apply_patch_tool_type: 'freeform' } },
    },
  };
  writeFileSync(join(user.home, '.config/codex-gateway/config.json'), JSON.stringify(config));
  const server = await user.serve('--port', '0');

  expect((await respond(server, { 'x-mine': '2', 'x-other': '3', cookie: 'a=b' })).status).toBe(200);
  const [{ headers, text }] = user.copilot.responses as [(typeof user.copilot.responses)[number]];
  expect(text).toBe(BODY);
  expect(headers).toMatchObject({ authorization: 'Bearer gho_config', 'x-extra': '1', 'x-mine': '2' });
  expect(headers['user-agent']).toMatch(/^codex-gateway\//);
  const absent = ['openai-intent', 'editor-version', 'editor-plugin-version', 'copilot-integration-id'];
  for (const name of [...absent, 'x-other', 'cookie']) expect(headers).not.toHaveProperty(name);

  const tooLarge = await respond(server, {}, 'x'.repeat(20_001));
  expect(tooLarge.status).toBe(413);
  user.copilot.use(rateLimited({ 'retry-after': '1' }));
  expect((await respond(server)).status).toBe(429);
  expect(user.copilot.responses).toHaveLength(2);

  const list = await fetch(`${server.origin}/copilot/v1/models`, {
    headers: { 'x-api-key': 'local-token-of-this-test' },
  });
  const { models } = (await list.json()) as { models: { slug: string }[] };
  expect(models.find(({ slug }) => slug === 'gpt-5.5')).toMatchObject({ apply_patch_tool_type: 'freeform' });

  const lines = await stopAndRead(server, diagnostics);
  expect(statSync(diagnostics).mode & 0o777).toBe(0o600);
  expect(lines).toContain('inbound_request_content');
  expect(lines).not.toContain('private words');
});

it('the variables of earlier adapters work in `copilot serve` under their names', async () => {
  const user = await createCopilotUser();
  const tokenFile = join(user.home, 'elsewhere.json');
  const diagnostics = join(user.home, 'raw.jsonl');
  writeFileSync(tokenFile, JSON.stringify({ githubToken: 'ghu_variable' }), { mode: 0o600 });
  Object.assign(user.environment, {
    HOST: '127.0.0.1',
    PORT: '0',
    COPILOT_TOKEN_FILE: tokenFile,
    COPILOT_EDITOR_VERSION: 'vscode/9.9.9',
    COPILOT_CHAT_VERSION: '8.8.8',
    GITHUB_API_VERSION: '2030-01-01',
    REQUEST_BODY_LIMIT_BYTES: '20000',
    RATE_LIMIT_MAX_TOTAL_WAIT_MS: '0',
    CODEX_CODE_ROUTER_RAW_LOG_LEVEL: 'full_content',
    CODEX_CODE_ROUTER_RAW_LOG_FILE: diagnostics,
  });
  const server = await user.serve('copilot', 'serve');

  expect((await respond(server, { authorization: 'Bearer dummy' })).status).toBe(200);
  const [{ headers, body }] = user.copilot.responses as [(typeof user.copilot.responses)[number]];
  expect(headers).toMatchObject({
    authorization: `Bearer ${exchangedToken(1)}`,
    'editor-version': 'vscode/9.9.9',
    'editor-plugin-version': 'copilot-chat/8.8.8',
    'user-agent': 'GitHubCopilotChat/8.8.8',
    'x-github-api-version': '2030-01-01',
    'x-initiator': 'user',
  });
  expect(body).toMatchObject({ tools: [{ type: 'function' }], client_metadata: { kept: '1' } });
  expect(readFileSync(tokenFile, 'utf8')).toContain(exchangedToken(1));
  expect(existsSync(user.tokenFile)).toBe(false);

  expect((await respond(server, {}, 'x'.repeat(20_001))).status).toBe(413);
  user.copilot.use(rateLimited({ 'retry-after': '1' }));
  expect((await respond(server)).status).toBe(429);
  expect(user.copilot.responses).toHaveLength(2);

  for (const prefix of ['', '/copilot']) {
    const health = await fetch(`${server.origin}${prefix}/health`);
    expect(await health.json()).toEqual({
      ok: true,
      service: 'codex-gateway',
      upstreamResponsesUrl: user.environment.COPILOT_RESPONSES_URL,
      upstreamModelsUrl: user.environment.COPILOT_MODELS_URL,
    });
    const list = await fetch(`${server.origin}${prefix}/v1/models`);
    expect(await list.json()).toMatchObject({
      object: 'list',
      data: [{ id: 'gpt-5.5' }, { id: 'gpt-5.6-luna' }],
    });
  }
  const lines = await stopAndRead(server, diagnostics);
  expect(lines).toContain('private words');
  expect(lines).toContain('"reasoning_effort":"high"');
});

it('copilot.tokenFile and copilot.useGhCli name further sources of a token', async () => {
  const user = await createCopilotUser({ config: { copilot: { useGhCli: true } } });
  const programs = join(user.home, 'bin');
  mkdirSync(programs);
  writeFileSync(join(programs, 'gh'), '#!/bin/sh\necho gho_fromGh\n', { mode: 0o755 });
  user.environment.PATH = `${programs}:${user.environment.PATH}`;
  const first = await user.serveHere();
  expect((await respond(first)).status).toBe(200);

  const tokenFile = join(user.home, 'mine.json');
  writeFileSync(tokenFile, JSON.stringify({ githubToken: 'gho_mine' }), { mode: 0o600 });
  const config = join(user.home, '.config/codex-gateway/config.json');
  writeFileSync(config, JSON.stringify({ copilot: { useGhCli: true, tokenFile } }));
  const second = await user.serveHere();
  expect((await respond(second)).status).toBe(200);
  const bearers = user.copilot.responses.map(({ headers }) => headers.authorization);
  expect(bearers).toEqual(['Bearer gho_fromGh', 'Bearer gho_mine']);
});

it('a proxy of the environment leads to Copilot, and loopback needs none', async () => {
  const user = await createCopilotUser({ environment: { COPILOT_BEARER_TOKEN: COPILOT_TOKEN } });
  Object.assign(user.environment, {
    // The fake takes a request as a proxy gets it, too.
    HTTP_PROXY: user.copilot.origin,
    COPILOT_RESPONSES_URL: 'http://copilot.invalid/responses',
  });
  const server = await user.serveHere();
  expect((await respond(server)).status).toBe(200);
  expect((await fetch(`${server.origin}/v1/models`)).status).toBe(200);
  const paths = user.copilot.requests.map(({ path }) => path);
  expect(paths).toEqual(['http://copilot.invalid/responses', '/models']);
});
