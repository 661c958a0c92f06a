import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { COPILOT_TOKEN } from '../../support/copilot/copilot-fakes.ts';
import {
  createCopilotUser,
  type CopilotServer,
  type CopilotUser,
} from '../../support/copilot/copilot-user.ts';
import { rateLimited } from '../../support/copilot/fake-copilot.ts';
import { answerWith, type RecordedRequest } from '../../support/copilot/recording-server.ts';
import { findPort } from '../../support/find-port.ts';
import { call } from '../../support/upstream-tools.ts';
import { say } from '../../support/upstream.ts';

const AT_LIMIT = ', and ends with an error in place of waiting at a 429 that lasts days and at a 402';

/** Two ways to serve Copilot, with the arguments that begin each. One of them shows what comes at a limit, since both send it on. */
const WAYS = [
  ['the gateway', [], AT_LIMIT],
  ['copilot serve', ['copilot', 'serve'], ''],
] as const;

/** Runs `copilot config` for a user. */
const configure = async (user: CopilotUser, ...options: readonly string[]) =>
  await user.run('copilot', 'config', ...options);

/** A user with a profile for Codex, for whom a server runs. */
async function startUser(way: readonly string[] = []): Promise<{ user: CopilotUser; server: CopilotServer }> {
  const port = String(await findPort());
  const user = await createCopilotUser({
    environment: {
      COPILOT_BEARER_TOKEN: COPILOT_TOKEN,
      CODEX_GATEWAY_PORT: port,
      CODEX_GATEWAY_TOKEN: 'local-token-of-this-test',
    },
  });
  const written = await configure(user, '--write');
  expect(written).toMatchObject({ code: 0, complained: '' });
  return { user, server: await user.serve(...way) };
}

const initiatorsOf = (requests: readonly RecordedRequest[]) =>
  requests.map(({ headers }) => headers['x-initiator']);

/** Nothing of the machine is sent to Copilot, and no tool that it refuses. */
function expectPrivate(requests: readonly RecordedRequest[]): void {
  expect(requests.length).toBeGreaterThan(0);
  for (const { headers, text, body } of requests) {
    expect(headers).not.toHaveProperty('x-codex-turn-metadata');
    expect(text).not.toContain('x-codex-turn-metadata');
    expect(JSON.stringify(body.tools ?? [])).not.toContain('"web_search');
    expect(headers.authorization).toBe(`Bearer ${COPILOT_TOKEN}`);
  }
}

describe.each(WAYS)('codex exec with the profile, through %s', (_name, way, atLimit) => {
  it(`answers, begins a turn as the user, continues it as the agent${atLimit}`, async () => {
    const { user, server } = await startUser(way);
    user.copilot.use(
      call({ name: 'exec_command', arguments: { cmd: 'echo one > first.txt' } }),
      call({ name: 'exec_command', arguments: { cmd: 'cat first.txt' } }),
      say('Both are done.'),
    );
    // Whatever the profile says, Codex offers web search here.
    const search = ['-c', 'web_search="live"'];
    const executed = await user.exec('--profile', 'copilot', ...search, 'Write a file and read it.');
    expect({ ...executed, stderr: executed.code === 0 ? '' : executed.stderr }).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Both are done.'),
      stderr: '',
    });
    expect(readFileSync(join(user.work, 'first.txt'), 'utf8')).toBe('one\n');
    const { responses } = user.copilot;
    expect(initiatorsOf(responses)).toEqual(['user', 'agent', 'agent']);
    expect(responses[2]!.text).toContain('one\\n');
    expectPrivate(responses);
    expect(server.stderr()).toMatch(/"removed":"web_search/);
    if (atLimit === '') return;

    user.copilot.use(rateLimited({ 'retry-after': '200000' }));
    await expectLimit(user);
    expect(user.copilot.responses).toHaveLength(4);

    user.copilot.use(
      answerWith(402, 'quota exceeded', { 'content-type': 'text/plain', 'retry-after': '200000' }),
    );
    await expectLimit(user);
    expect(user.copilot.responses).toHaveLength(5);
  });
});

/** Runs a turn that ends at once, since its user has asked too much. */
async function expectLimit(user: CopilotUser): Promise<void> {
  const executed = await user.exec('--profile', 'copilot', 'Say hello.');
  expect(executed.code).toBe(1);
  expect(executed.stderr).toMatch(/limit.*Try again at/);
}

it('the profile is written once, privately, and holds no token', async () => {
  const user = await createCopilotUser({ environment: { COPILOT_BEARER_TOKEN: COPILOT_TOKEN } });
  const before = readdirSync(user.codexHome);
  const shown = await configure(user);
  const path = join(user.codexHome, 'copilot.config.toml');
  expect(existsSync(path)).toBe(false);
  expect((await configure(user, '--write')).code).toBe(0);
  expect(readFileSync(path, 'utf8').trim()).toBe(shown.printed.trim());
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readdirSync(user.codexHome).toSorted()).toEqual([...before, 'copilot.config.toml'].toSorted());
  expect(shown.printed).not.toContain(COPILOT_TOKEN);
  expect((await configure(user, '--write')).code).toBe(0);
  expect((await configure(user, '--write', '--port', '9000')).code).toBe(1);
  expect(readFileSync(path, 'utf8').trim()).toBe(shown.printed.trim());
});
