import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { act } from '../../support/agent-upstream.ts';
import { lookingForNothing, startTestGateway } from '../../support/gateway.ts';
import { say, startUpstream, type Script } from '../../support/upstream.ts';

const KEYS = ['key-of-the-first-session', 'key-of-the-second-session', 'another-key-of-the-second'] as const;
/** A PNG with one pixel. */
const PIXEL =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

/** Makes a folder for everything outside the system's temporary one, below which Codex makes no sandbox. */
function useFolder(): string {
  const parent = new URL('../../../node_modules/.cache/sessions', import.meta.url).pathname;
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, 'test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  vi.stubEnv('TMPDIR', folder);
  onTestFinished(() => void vi.unstubAllEnvs());
  return folder;
}

/** Returns the files below a folder that contain one of the keys. */
function filesWithKey(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => KEYS.some((key) => readFileSync(path).includes(key)));
}

/** Returns the processes whose command line or environment contains one of the keys. */
function processesWithKey(): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) =>
      ['cmdline', 'environ'].some((file) => {
        try {
          return KEYS.some((key) => readFileSync(`/proc/${pid}/${file}`).includes(key));
        } catch {
          return false;
        }
      }),
    );
}

it('sessions on two providers at once reach each with its own key, which is kept nowhere, and their files arrive', async () => {
  const folder = useFolder();
  const workspace = join(folder, 'workspace');
  mkdirSync(workspace);
  const gateway = await startTestGateway({
    codexConfig: lookingForNothing,
    config: { sessions: { roots: [workspace] } },
  });
  onTestFinished(() => gateway.close());
  const [first, second] = [await startUpstream(), await startUpstream()];
  onTestFinished(async () => void (await Promise.all([first.close(), second.close()])));
  const config = readFileSync(join(gateway.codexHome, 'config.toml'), 'utf8');
  const call = async (path: string, body?: object) => {
    const init = body && { method: 'POST', body: JSON.stringify(body) };
    return (await (await gateway.fetch(path, init)).json()) as {
      readonly ok: boolean;
      readonly error?: string;
      readonly session: Record<string, unknown>;
    };
  };
  const create = async (body: object) =>
    `/chat/sessions/${String((await call('/chat/sessions', body)).session.id)}`;
  const rest = async (path: string) => {
    await expect.poll(async () => (await call(path)).session.status, { timeout: 20_000 }).toBe('idle');
  };

  // The second one waits until the first has been asked, so that both run at once.
  const isFirstAsked = Promise.withResolvers<void>();
  const attached = Buffer.from([0, 1, 2, 3, 250]);
  const catFile: Script = (request, response) => {
    const [, file = ''] = /can be read at (\S+?)"/.exec(request.text) ?? [];
    const isDone = request.text.includes('_output"');
    return isDone
      ? say('Read.')(request, response)
      : act([{ command: `od -An -tu1 '${file}'` }])(request, response);
  };
  first.use(async (request, response) => {
    isFirstAsked.resolve();
    await catFile(request, response);
  });
  second.use(async (request, response) => {
    await isFirstAsked.promise;
    await say('Second.')(request, response);
  });
  const own = { model: 'gpt-5.5', auth_mode: 'api_key' };
  const one = await create({
    ...own,
    runtime_provider: 'openai_compatible',
    provider_api_base_url: first.baseUrl,
    provider_api_key: KEYS[0],
  });
  const two = await create({
    ...own,
    provider: 'vllm',
    base_url: second.baseUrl.replace('/v1', ''),
    provider_api_key: KEYS[1],
  });
  await Promise.all([
    call(`${one}/messages`, {
      message: 'Read the file.',
      attachments: [
        { name: 'data.bin', mime_type: '', data_url: `data:;base64,${attached.toString('base64')}` },
        { name: 'notes.txt', mime_type: 'text/plain', data_url: 'data:text/plain;base64,TXkgbm90ZXM=' },
        { name: 'pixel.png', mime_type: 'image/png', data_url: PIXEL },
      ],
    }),
    call(`${two}/messages`, { message: 'Hello.' }),
  ]);
  await Promise.all([rest(one), rest(two)]);

  const keysOf = (upstream: typeof first) =>
    new Set(upstream.requests.map(({ headers }) => headers.authorization));
  expect(keysOf(first)).toEqual(new Set([`Bearer ${KEYS[0]}`]));
  expect(keysOf(second)).toEqual(new Set([`Bearer ${KEYS[1]}`]));
  expect(gateway.upstream.requests).toEqual([]);
  expect(first.requests[0]!.text).toContain('Attached file \\"notes.txt\\":\\n```\\nMy notes\\n```');
  expect(first.requests[0]!.text).toContain('"input_image"');
  // Commands of the agent may read the file.
  expect(first.requests.at(-1)!.text).toMatch(/ 0 +1 +2 +3 +250/);

  const again = await call(`${two}/messages`, { message: 'Again.', provider_api_key: KEYS[2] });
  expect(again.ok).toBe(true);
  await rest(two);
  expect(second.requests.at(-1)!.headers.authorization).toBe(`Bearer ${KEYS[2]}`);
  expect(second.requests.at(-1)!.text).toContain('Second.');

  expect(processesWithKey()).toEqual([]);
  expect(filesWithKey(folder)).toEqual([]);

  // A provider that repeats the key when it refuses it.
  second.use(({ headers }, response) => {
    const key = headers.authorization?.replace('Bearer ', '');
    const error = { message: `Wrong key: ${key}`, type: 'invalid_request_error' };
    response.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify({ error }));
  });
  await call(`${two}/messages`, { message: 'Once more.' });
  await expect.poll(async () => (await call(two)).session.status, { timeout: 20_000 }).toBe('error');
  expect((await call(two)).session.last_error).toContain('Wrong key: [key]');
  expect(filesWithKey(gateway.stateDirectory)).toEqual([]);

  expect(JSON.stringify([gateway.log, await call(one), await call(two)])).not.toMatch(KEYS.join('|'));
  expect(readFileSync(join(gateway.codexHome, 'config.toml'), 'utf8')).toBe(config);
});
