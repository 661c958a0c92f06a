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
  server: Pick<CopilotServer, 'origin'>,
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
    const { printed, complained } = await user.run(...words);
    read[words.join(' ')] = `${printed}\n${complained}`;
  }
  return read;
}

const OWN = { authorization: `Bearer ${SECRETS.gateway}` };
const INCOMING = { authorization: `Bearer ${SECRETS.incoming}`, 'x-api-key': SECRETS.gateway };
const TOKENS = { githubToken: SECRETS.github, copilotToken: 'tid=planted:mac0', expiresAt: 1 };

interface Way {
  readonly source: string;
  readonly level: string;
  readonly environment?: Record<string, string>;
  readonly tokens?: object;
  readonly headers: Record<string, string>;
}

const createUser = async ({ level, environment, tokens }: Omit<Way, 'source' | 'headers'>) =>
  await createCopilotUser({
    environment: { CODEX_GATEWAY_TOKEN: SECRETS.gateway, ...environment },
    config: { logLevel: 'debug', copilot: { diagnostics: { level } } },
    ...(tokens && { tokens }),
  });

/** The tokens were there to be found, and were sent to the right place. */
function expectTokensInUse(user: CopilotUser, traces: Traces, level: string): void {
  expect(Object.keys(traces).some((path) => path.endsWith('diagnostics.jsonl'))).toBe(level !== 'off');
  expect(user.copilot.responses.length).toBeGreaterThan(ANSWERS.length);
  for (const { path, rawHeaders, headers: sent } of user.copilot.requests) {
    // `doctor` asks the provider of the gateway's own models, too.
    if (!path.startsWith('/none')) expect(sent.authorization).toMatch(/^Bearer (gho_planted|tid=fake)/);
    expect(JSON.stringify(rawHeaders)).not.toMatch(/planted-(cookie|gateway)/);
  }
}

it.each([
  { source: 'a token file', tokens: TOKENS },
  { source: 'COPILOT_BEARER_TOKEN', environment: { COPILOT_BEARER_TOKEN: SECRETS.bearer } },
])('no secret is left anywhere by a gateway with the token of $source', async (way) => {
  const level = 'full_content';
  const user = await createUser({ level, ...way });
  const server = await user.serve('--port', '0');
  const chat = await askForModel(server, OWN);
  expect(chat).toContain('Hello from Copilot.');
  const read = {
    chat,
    'chat of another': await askForModel(server, INCOMING),
    ...(await askForAll(user, server, { ...OWN, cookie: `a=${SECRETS.cookie}` })),
  };
  const processes = execFileSync('ps', ['-ef', '-ww'], { encoding: 'latin1' });
  const whileRunning = readFiles(user.home);
  const commands = await runCommands(user);
  server.kill('SIGTERM');
  await server.closed;
  const { stdout, stderr } = { stdout: server.stdout(), stderr: server.stderr() };
  const files = readFiles(user.home);
  const traces = { ...read, ...commands, ...whileRunning, ...files, processes, stdout, stderr };
  expect(placesOf(traces, [user.tokenFile])).toEqual([]);
  expectTokensInUse(user, traces, level);
});

const WAYS: readonly Way[] = [
  ...['off', 'metadata', 'content_redacted'].map((level) => ({
    source: 'a token file',
    level,
    tokens: TOKENS,
    headers: OWN,
  })),
  { source: 'the Authorization header of a client', level: 'full_content', headers: INCOMING },
];

it.each(WAYS)(
  'no secret is left anywhere by requests with the token of $source, diagnostics $level',
  async ({ headers, ...way }) => {
    const user = await createUser(way);
    const server = await user.serveHere();
    const read = await askForAll(user, server, { ...headers, cookie: `a=${SECRETS.cookie}` });
    const whileRunning = readFiles(user.home);
    await server.close();
    const traces = { ...read, ...whileRunning, ...readFiles(user.home), log: server.log() };
    expect(placesOf(traces, [user.tokenFile])).toEqual([]);
    expectTokensInUse(user, traces, way.level);
  },
);

/** Lets the gateway's own Codex ask Copilot. */
async function askForModel(server: CopilotServer, headers: Record<string, string>): Promise<string> {
  const response = await fetch(`${server.origin}/v1/chat/completions`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'copilot/gpt-5.5', messages: [{ role: 'user', content: 'Hello' }] }),
  });
  return await response.text();
}

it('no secret is in what the gateway writes when GitHub and Copilot cannot be reached', async () => {
  const user = await createUser({ level: 'full_content', tokens: { githubToken: SECRETS.github } });
  user.environment.COPILOT_RESPONSES_URL += `?key=${SECRETS.cookie}`;
  const server = await user.serveHere();
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
    log: server.log(),
  };
  expect([first.status, second.status]).toEqual([502, 502]);
  expect(tokens).toContain(exchangedToken(1));
  expect(placesOf(traces, [user.tokenFile])).toEqual([]);
});
