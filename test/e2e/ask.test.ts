import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { runCommand, spawnCommand, startServer, userEnvironment } from '../support/command-line.ts';
import { scriptedProvider } from '../support/gateway.ts';
import { SMALL } from '../support/images.ts';
import { useKeptDatabases } from '../support/kept-databases.ts';
import { runMain } from '../support/run-main.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { breakOff, refuse, say, startUpstream, type Script } from '../support/upstream.ts';

/** A user whose Codex is set to `gpt-6-sol` of a scripted provider. */
async function createUser() {
  const upstream = await startUpstream();
  onTestFinished(() => upstream.close());
  const folder = temporaryFolder();
  const environment = userEnvironment(folder);
  const config = `model = "gpt-6-sol"\n${scriptedProvider(upstream.baseUrl)}`;
  writeFileSync(join(environment.HOME!, '.codex/config.toml'), config);
  await useKeptDatabases(join(environment.HOME!, '.local/state/codex-gateway'));
  const ask = async (...args: string[]) => await runMain(['ask', ...args], environment);
  return { upstream, folder, environment, ask };
}

type User = Awaited<ReturnType<typeof createUser>>;

async function expectPlainAnswer({ upstream, ask }: User): Promise<void> {
  upstream.use(say('Hel', 'lo.'));
  expect(await ask('How are you?')).toEqual({ code: 0, printed: 'Hel\nlo.\n\n', complained: '' });
  const { body } = upstream.requests.at(-1)!;
  expect(body).toMatchObject({ model: 'gpt-6-sol', input: [{ content: [{ text: 'How are you?' }] }] });
}

/** Asks at a terminal, where an answer cannot hide the question after it, and without one, where it is unchanged. */
async function expectControlsShown({ upstream, environment, ask }: User): Promise<void> {
  const text = 'a\u001B[8mb\r\u202Ec\n';
  upstream.use(say(text));
  expect(await runMain(['ask', 'hello'], environment, [], { answers: [] })).toMatchObject({
    printed: 'a␛[8mb␍<U+202E>c\n',
  });
  expect((await ask('hello')).printed).toBe(text);
}

/** Asks with everything that a question can have, and for JSON. */
async function expectFullAnswer({ upstream, folder, ask }: User): Promise<void> {
  upstream.use(say('A picture.'));
  const path = join(folder, 'picture');
  writeFileSync(path, SMALL.png);
  const options = ['--json', '-m', 'gpt-5.5', '--effort', 'high', '--image', path];
  const { code, printed } = await ask(...options, 'What is it?');
  expect(code).toBe(0);
  const { body } = upstream.requests.at(-1)!;
  expect(body).toMatchObject({ model: 'gpt-5.5', reasoning: { effort: 'high' } });
  expect(JSON.stringify(body.input)).toContain(SMALL.png.toString('base64'));
  expect(JSON.parse(printed)).toMatchObject({
    object: 'response',
    status: 'completed',
    output: [{ content: [{ text: 'A picture.' }] }],
  });
  // The answer comes before the fields that the response repeats from its request.
  const first = ['id', 'object', 'created_at', 'status', 'model', 'output'];
  expect(Object.keys(JSON.parse(printed) as object).slice(0, first.length)).toEqual(first);
}

async function expectUnknownRefused({ ask }: User): Promise<void> {
  const model = await ask('-m', 'gpt-0', 'hello');
  expect([model.code, model.complained]).toEqual([
    1,
    expect.stringMatching(/`gpt-0` does not exist.*\. `\S+ \S+ models` lists the models\.$/),
  ]);
  const effort = await ask('--effort', 'silly', 'hello');
  expect(effort.complained).toMatch(/^codex-gateway: Invalid --effort: /);
}

async function expectReadFromPipe({ upstream, folder, environment }: User): Promise<void> {
  upstream.use(say('Hello.'));
  const path = join(folder, 'question');
  writeFileSync(path, 'From a file.\n');
  expect(await runCommand(['ask'], environment, `<${path}`)).toMatchObject({
    code: 0,
    stdout: 'Hello.\n',
    stderr: '',
  });
  expect(JSON.stringify(upstream.requests.at(-1)!.body.input)).toContain('From a file.');
}

const FAILURES: readonly [Script, printed: string][] = [
  [refuse(429, { error: { message: 'slow down' } }), ''],
  [breakOff('Hel'), 'Hel'],
];

it.each([
  ['a gateway that runs', 'for an unknown model or effort, or when the provider refuses or'],
  ['a gateway of its own', 'when the provider'],
])(
  'ask, with %s, prints an answer or JSON by the options given, and fails with one line %s breaks off',
  async (which) => {
    const user = await createUser();
    if (which === 'a gateway that runs') {
      await startServer(['--port', '0'], user.environment);
      await expectUnknownRefused(user);
      await expectReadFromPipe(user);
      await expectControlsShown(user);
    }
    await expectPlainAnswer(user);
    await expectFullAnswer(user);
    // One of its own is started for each question.
    for (const [script, printed] of which === 'a gateway that runs' ? FAILURES : FAILURES.slice(1)) {
      user.upstream.use(script);
      const outcome = await user.ask('hello');
      expect(outcome).toMatchObject({ code: 1, printed });
      expect(outcome.complained.split('\n')).toHaveLength(1);
      expect(outcome.complained).toMatch(/^codex-gateway: \w/);
    }
  },
);

describe('ask', () => {
  it('advises to run doctor when the provider cannot be reached', async () => {
    const { environment, ask } = await createUser();
    writeFileSync(join(environment.HOME!, '.codex/config.toml'), scriptedProvider('http://127.0.0.1:9/v1'));
    const { code, complained } = await ask('hello');
    expect([code, complained]).toEqual([
      1,
      expect.stringMatching(/^codex-gateway: The model provider cannot be reached.* Run `\S+ \S+ doctor` /),
    ]);
  });

  it.each([
    ['there is no question', [' '], /There is no question/],
    ['an image is not there', ['--image', '/none/such', 'hello'], /\/none\/such cannot be read \(ENOENT\)/],
    ['an image is not an image', ['--image', import.meta.filename, 'hello'], /send a PNG, JPEG, GIF or WebP/],
  ])('fails with one line when %s', async (_name, args, pattern) => {
    const { ask } = await createUser();
    const { code, complained } = await ask(...args);
    expect([code, complained]).toEqual([1, expect.stringMatching(pattern)]);
  });

  it('ends at Ctrl-C with 130, together with every process it started', async () => {
    const { upstream, environment } = await createUser();
    const asked = Promise.withResolvers<void>();
    upstream.use(() => asked.resolve());
    const child = spawnCommand(['ask', 'hello'], environment);
    await asked.promise;
    child.kill('SIGINT');
    expect(await child.finished).toMatchObject({ code: 130, stdout: '' });
    await upstream.requests.at(-1)!.aborted;
  });
});
