import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import {
  createCopilotUser,
  type CopilotServer,
  type CopilotUser,
} from '../../support/copilot/copilot-user.ts';
import { rateLimited } from '../../support/copilot/fake-copilot.ts';
import { exchangedToken, NO_SUBSCRIPTION } from '../../support/copilot/fake-github.ts';
import { answerWith, type Answer } from '../../support/copilot/recording-server.ts';
import { readFiles } from '../../support/read-files.ts';
import { runMain } from '../../support/run-main.ts';
import { say } from '../../support/upstream.ts';

/** The tokens that are planted, and a cookie. */
const SECRETS = {
  github: 'ghu_plantedGithubToken',
  bearer: 'gho_plantedBearerToken',
  gateway: 'planted-gateway-token',
  incoming: 'gho_plantedIncomingToken',
  cookie: 'planted-cookie',
};

/** Every answer that Copilot can give, and none. */
const ANSWERS: readonly Answer[] = [
  say('Hello.'),
  answerWith(401, 'unauthorized'),
  rateLimited({ 'retry-after': '200000' }),
  answerWith(402, 'quota exceeded', { 'content-type': 'text/plain' }),
  answerWith(500, '{"error": {"message": "broken"}}'),
  (_request, response) => void response.destroy(),
  (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'set-cookie': `c=${SECRETS.cookie}` });
    response.write('data: {}\n\n', () => response.destroy());
  },
];

/** Everything that was said or kept, by where. */
type Traces = Record<string, string>;

/** Places in which a planted secret can be read. */
function placesOf(traces: Traces, allowed: readonly string[]): string[] {
  const secrets = [...Object.values(SECRETS), exchangedToken(1), 'mac1', 'mac2'];
  return Object.entries(traces).flatMap(([place, text]) =>
    allowed.includes(place)
      ? []
      : secrets.filter((secret) => text.includes(secret)).map((secret) => `${secret} in ${place}`),
  );
}

/** Asks for every answer of Copilot, and for things that the gateway refuses; keeps what the client reads. */
async function askForAll(
  user: CopilotUser,
  server: CopilotServer,
  headers: Record<string, string>,
): Promise<Traces> {
  const read: Traces = {};
  const send = async (name: string, path: string, init: RequestInit = {}) => {
    const response = await fetch(`${server.origin}${path}`, { ...init, headers });
    const text = await response.text().catch(String);
    // The cookie of Copilot's own answer belongs to the client.
    const own = [...response.headers].filter(([header]) => header !== 'set-cookie');
    read[name] = `${JSON.stringify(own)} ${text}`;
  };
  const post = { method: 'POST', body: '{"model":"gpt-5.5","input":"hello"}' };
  for (const [index, answer] of ANSWERS.entries()) {
    user.copilot.use(answer);
    await send(`answer ${index}`, '/copilot/v1/responses', post);
  }
  user.copilot.use(say('Hello.'));
  await send('other model', '/copilot/v1/responses', { ...post, body: '{"model":"claude-sonnet-5"}' });
  await send('odd body', '/copilot/v1/responses', { ...post, body: '{"model":' });
  await send('models', '/copilot/v1/models');
  await send('health', '/copilot/health');
  await send('unknown path', '/copilot/v1/chat/completions', post);
  await send('wrong method', '/copilot/v1/models', post);
  user.github.exchange = answerWith(403, NO_SUBSCRIPTION);
  user.copilot.use(answerWith(401, 'unauthorized'));
  await send('no subscription', '/copilot/v1/responses', post);
  return read;
}

const COMMANDS = [['copilot', 'status'], ['copilot', 'config'], ['doctor']];

/** Output of commands for the same user. */
async function runCommands(user: CopilotUser): Promise<Traces> {
  const read: Traces = {};
  for (const words of COMMANDS) {
    const { printed, complained } = await runMain(words, user.environment);
    read[words.join(' ')] = `${printed}\n${complained}`;
  }
  return read;
}

interface Way {
  readonly source: string;
  readonly level: string;
  readonly environment?: Record<string, string>;
  readonly tokens?: object;
  readonly headers: Record<string, string>;
}

const OWN = { authorization: `Bearer ${SECRETS.gateway}` };
const TOKENS = { githubToken: SECRETS.github, copilotToken: 'tid=planted:mac0', expiresAt: 1 };
const WAYS: readonly Way[] = [
  ...['off', 'metadata', 'content_redacted', 'full_content'].map((level) => ({
    source: 'a token file',
    level,
    tokens: TOKENS,
    headers: OWN,
  })),
  {
    source: 'COPILOT_BEARER_TOKEN',
    level: 'full_content',
    environment: { COPILOT_BEARER_TOKEN: SECRETS.bearer },
    headers: OWN,
  },
  {
    source: 'the Authorization header of a client',
    level: 'full_content',
    headers: { authorization: `Bearer ${SECRETS.incoming}`, 'x-api-key': SECRETS.gateway },
  },
];

it.each(WAYS)(
  'no secret is left anywhere by requests with the token of $source, diagnostics $level',
  async ({ level, environment, tokens, headers }) => {
    const user = await createCopilotUser({
      environment: { CODEX_GATEWAY_TOKEN: SECRETS.gateway, ...environment },
      config: { logLevel: 'debug', copilot: { diagnostics: { level } } },
      ...(tokens && { tokens }),
    });
    // The whole gateway, and the adapter alone for the lower levels; commands do not depend on them.
    const isWhole = level === 'full_content';
    const server = await user.serve(...(isWhole ? [] : ['copilot', 'serve']), '--port', '0');
    const read = {
      ...(isWhole && (await askForModel(server, headers))),
      ...(await askForAll(user, server, { ...headers, cookie: `a=${SECRETS.cookie}` })),
    };
    const processes = execFileSync('ps', ['-ef', '-ww'], { encoding: 'latin1' });
    const whileRunning = readFiles(user.home);
    const commands = isWhole ? await runCommands(user) : {};
    server.kill('SIGTERM');
    await server.closed;
    const { stdout, stderr } = { stdout: server.stdout(), stderr: server.stderr() };
    const traces = {
      ...read,
      ...commands,
      ...whileRunning,
      ...readFiles(user.home),
      processes,
      stdout,
      stderr,
    };
    expect(placesOf(traces, [user.tokenFile])).toEqual([]);
    expect(Object.keys(traces).some((path) => path.endsWith('diagnostics.jsonl'))).toBe(level !== 'off');
    // The tokens were there to be found, and were sent to the right place.
    expect(user.copilot.responses.length).toBeGreaterThan(ANSWERS.length);
    for (const { path, rawHeaders, headers: sent } of user.copilot.requests) {
      // `doctor` asks the provider of the gateway's own models, too.
      if (!path.startsWith('/none')) expect(sent.authorization).toMatch(/^Bearer (gho_planted|tid=fake)/);
      expect(JSON.stringify(rawHeaders)).not.toMatch(/planted-(cookie|gateway)/);
    }
  },
);

/** Lets the gateway's own Codex ask Copilot; without a login to Copilot the model does not exist. */
async function askForModel(server: CopilotServer, headers: Record<string, string>): Promise<Traces> {
  const response = await fetch(`${server.origin}/v1/chat/completions`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'copilot/gpt-5.5', messages: [{ role: 'user', content: 'Hello' }] }),
  });
  const chat = await response.text();
  if (headers === OWN) expect(chat).toContain('Hello from Copilot.');
  return { chat };
}

it('no secret is in what the gateway writes when GitHub and Copilot cannot be reached', async () => {
  const user = await createCopilotUser({
    environment: { CODEX_GATEWAY_TOKEN: SECRETS.gateway },
    config: { logLevel: 'debug', copilot: { diagnostics: { level: 'full_content' } } },
    tokens: { githubToken: SECRETS.github },
  });
  user.environment.COPILOT_RESPONSES_URL += `?key=${SECRETS.cookie}`;
  const server = await user.serve('copilot', 'serve', '--port', '0');
  await user.copilot.close();
  const first = await server.respond('{"model":"gpt-5.5"}', OWN);
  await user.github.close();
  const tokens = readFileSync(user.tokenFile, 'latin1');
  const second = await server.respond('{"model":"gpt-5.5"}', OWN);
  const traces = {
    first: await first.text(),
    second: await second.text(),
    ...(await runCommands(user)),
    ...readFiles(user.home),
    stderr: server.stderr(),
  };
  expect([first.status, second.status]).toEqual([502, 502]);
  expect(tokens).toContain(exchangedToken(1));
  expect(placesOf(traces, [user.tokenFile])).toEqual([]);
});
