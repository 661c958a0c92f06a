import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { useCopilotServer, type TestCopilotServer } from '../../support/copilot/copilot-server.ts';
import { streamBytes } from '../../support/copilot/fake-copilot.ts';
import { exchangedToken, NO_SUBSCRIPTION } from '../../support/copilot/fake-github.ts';
import { answerWith, type Answer } from '../../support/copilot/recording-server.ts';
import { until } from '../../support/process.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const BODY = '{ "model": "gpt-5.5", "input": "hi", "n": 1.0 }';
const EXPIRED = { githubToken: 'ghu_file', copilotToken: 'tid=old;exp=1:mac', expiresAt: Date.now() - 1000 };

interface SignedIn {
  readonly gateway: TestCopilotServer;
  readonly tokenFile: string;
}

/** A server whose login is a token file. */
async function signIn(content: object): Promise<SignedIn> {
  const tokenFile = join(temporaryFolder(), 'tokens.json');
  writeFileSync(tokenFile, JSON.stringify(content), { mode: 0o600 });
  const environment = { COPILOT_TOKEN_FILE: tokenFile };
  return { gateway: await useCopilotServer({ isSignedIn: false, environment }), tokenFile };
}

const bearersOf = ({ copilot }: TestCopilotServer) =>
  copilot.responses.map(({ headers }) => headers.authorization);

/** Refuses every token but one. */
const accept =
  (token: string): Answer =>
  (request, response) => {
    const isRight = request.headers.authorization === `Bearer ${token}`;
    const answer = isRight ? streamBytes(['data: {}\n\n']) : answerWith(401, 'unauthorized: token expired\n');
    return answer(request, response);
  };

it('ten requests at once on an expired token make one exchange', async () => {
  const { gateway, tokenFile } = await signIn({ ...EXPIRED, mine: { kept: true } });
  const release = Promise.withResolvers<void>();
  const { exchange } = gateway.github;
  gateway.github.exchange = async (...given) => {
    await release.promise;
    await exchange(...given);
  };
  const answers = Array.from({ length: 10 }, () => gateway.respond(BODY));
  await until(() => gateway.github.exchanges === 1);
  release.resolve();
  for (const answer of await Promise.all(answers)) expect(answer.status).toBe(200);
  expect(gateway.github.exchanges).toBe(1);
  expect(gateway.github.requests[0]!.headers.authorization).toMatch(/^(token|Bearer) ghu_file$/);
  expect(bearersOf(gateway)).toEqual(Array.from({ length: 10 }, () => `Bearer ${exchangedToken(1)}`));
  expect(JSON.parse(readFileSync(tokenFile, 'utf8'))).toMatchObject({
    githubToken: 'ghu_file',
    copilotToken: exchangedToken(1),
    mine: { kept: true },
  });
  expect(statSync(tokenFile).mode & 0o777).toBe(0o600);
});

it('a 401 of Copilot makes one exchange, and the same bytes are sent once more', async () => {
  const { gateway } = await signIn({ ...EXPIRED, expiresAt: Date.now() + 3_600_000 });
  gateway.copilot.use(accept(exchangedToken(1)));
  const answer = await gateway.respond(BODY);
  expect([answer.status, await answer.text()]).toEqual([200, 'data: {}\n\n']);
  expect(gateway.github.exchanges).toBe(1);
  expect(bearersOf(gateway)).toEqual([`Bearer ${EXPIRED.copilotToken}`, `Bearer ${exchangedToken(1)}`]);
  const [first, second] = gateway.copilot.responses;
  expect([first!.text, second!.text]).toEqual([BODY, BODY]);
  expect(first!.headers['x-request-id']).not.toBe(second!.headers['x-request-id']);
  expect(first!.headers['x-initiator']).toBe(second!.headers['x-initiator']);
});

it('ten requests that get a 401 at once make one exchange', async () => {
  const { gateway } = await signIn({ ...EXPIRED, expiresAt: Date.now() + 3_600_000 });
  gateway.copilot.use(accept(exchangedToken(1)));
  const answers = await Promise.all(Array.from({ length: 10 }, () => gateway.respond(BODY)));
  expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 200));
  expect(gateway.github.exchanges).toBe(1);
});

it('a second 401 goes to the client', async () => {
  const { gateway } = await signIn(EXPIRED);
  gateway.copilot.use(accept('none'));
  const answer = await gateway.respond(BODY);
  expect([answer.status, await answer.text()]).toEqual([401, 'unauthorized: token expired\n']);
  expect(bearersOf(gateway)).toEqual([`Bearer ${exchangedToken(1)}`, `Bearer ${exchangedToken(2)}`]);
});

it('a 401 for a token that cannot be renewed goes to the client at once', async () => {
  const gateway = await useCopilotServer();
  gateway.copilot.use(accept('none'));
  expect((await gateway.respond(BODY)).status).toBe(401);
  expect(gateway.copilot.responses).toHaveLength(1);
  expect(gateway.github.requests.filter(({ path }) => path !== '/graphql')).toEqual([]);
});

it('someone without a subscription reads what GitHub says', async () => {
  const { gateway } = await signIn(EXPIRED);
  gateway.github.exchange = answerWith(403, NO_SUBSCRIPTION);
  const answer = await gateway.respond(BODY);
  expect(answer.status).toBeGreaterThanOrEqual(400);
  const { error } = (await answer.json()) as { error: { code: string; message: string } };
  expect(error.code).toBe('copilot_auth_unavailable');
  expect(error.message).toContain(NO_SUBSCRIPTION.error_details.url);
  expect(gateway.copilot.responses).toEqual([]);
});

it('nobody is signed in: a 401 that names the command, and nothing is asked of anyone', async () => {
  const gateway = await useCopilotServer({ isSignedIn: false });
  const answer = await gateway.respond(BODY);
  expect(answer.status).toBe(401);
  expect(await answer.json()).toMatchObject({
    error: { code: 'copilot_auth_unavailable', message: expect.stringMatching(/copilot login/) },
  });
  expect([...gateway.github.requests, ...gateway.copilot.requests]).toEqual([]);
});

it('without a login, an Authorization header of the client is sent if the token comes as x-api-key', async () => {
  const gateway = await useCopilotServer({ isSignedIn: false });
  const headers = { authorization: 'Bearer gho_incoming', 'x-api-key': 'test-token-of-this-suite' };
  expect((await gateway.respond(BODY, { headers })).status).toBe(200);
  expect(bearersOf(gateway)).toEqual(['Bearer gho_incoming']);
  expect(gateway.copilot.responses[0]!.headers).not.toHaveProperty('x-api-key');
});

it("a 401 for a client's own token that is exchanged makes another exchange of it", async () => {
  const gateway = await useCopilotServer({ isSignedIn: false });
  gateway.copilot.use(accept(exchangedToken(2)));
  const headers = { authorization: 'Bearer ghu_incoming', 'x-api-key': 'test-token-of-this-suite' };
  expect((await gateway.respond(BODY, { headers })).status).toBe(200);
  expect(bearersOf(gateway)).toEqual([`Bearer ${exchangedToken(1)}`, `Bearer ${exchangedToken(2)}`]);
});
