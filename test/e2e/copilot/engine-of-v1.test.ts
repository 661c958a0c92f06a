import { execFileSync } from 'node:child_process';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  COPILOT_TOKEN,
  shareCopilotGateway,
  useCopilotGateway,
  type CopilotGateway,
} from '../../support/copilot/copilot-fakes.ts';
import { answerWith, type RecordedRequest } from '../../support/copilot/recording-server.ts';
import { expectBare } from '../../support/expect-bare.ts';
import { readFiles } from '../../support/read-files.ts';
import { createFolder } from '../../support/temporary-folder.ts';
import { say, sendCompleted, sendMessageDone, startMessage } from '../../support/upstream.ts';

const messages = [{ role: 'user', content: 'hello' } as const];

async function ask(gateway: CopilotGateway, model = 'copilot/gpt-5.5'): Promise<string | null> {
  const answer = await gateway.client.chat.completions.create({ model, messages });
  return answer.choices[0]!.message.content;
}

async function listIds(gateway: CopilotGateway): Promise<string[]> {
  const { data } = await gateway.client.models.list();
  return data.map(({ id }) => id);
}

/** Processes of codex that this one has started, by id, with their environments and arguments. */
function childrenOf(gateway: CopilotGateway): { pid: number; command: string; environment: string }[] {
  const lines = execFileSync('ps', ['-A', '-ww', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' }).split('\n');
  return lines.flatMap((line) => {
    const [, pid = '', command = ''] = /^\s*(\d+)\s+\d+\s+(.*app-server.*)$/.exec(line) ?? [];
    if (pid === '') return [];
    const read = (file: string) => {
      try {
        return readFileSync(`/proc/${pid}/${file}`, 'utf8');
      } catch {
        return '';
      }
    };
    const environment = read('environ');
    return environment.includes(gateway.stateDirectory) ? [{ pid: Number(pid), command, environment }] : [];
  });
}

const isCopilots = ({ environment }: { environment: string }) => environment.includes('COPILOT_SECRET');

describe('a gateway with Copilot', () => {
  const shared = shareCopilotGateway();

  it('asks nothing of Copilot or GitHub before the first request', () => {
    expect([...shared.copilot.requests, ...shared.github.requests]).toEqual([]);
  });

  it('starts a second app-server with the first request for one of its models, says so if it cannot, and tries again with the next', async () => {
    await listIds(shared);
    await shared.client.chat.completions.create({ model: 'gpt-5.5', messages });
    expect(childrenOf(shared)).toHaveLength(1);
    const homes = join(shared.stateDirectory, 'homes');
    renameSync(homes, `${homes}.away`);
    writeFileSync(homes, '');
    await expect(ask(shared)).rejects.toMatchObject({
      status: 503,
      message: expect.stringMatching(/^503 Codex cannot be started for GitHub Copilot's models/),
    });
    rmSync(homes);
    renameSync(`${homes}.away`, homes);
    expect(await ask(shared)).toBe('Hello from Copilot.');
    expect(childrenOf(shared).filter(isCopilots)).toHaveLength(1);
    expect(childrenOf(shared)).toHaveLength(2);
  });

  it('gives that app-server a secret that is in its environment alone, and opens the adapter alone', async () => {
    await ask(shared);
    const child = childrenOf(shared).find(isCopilots);
    const secret = /COPILOT_SECRET=([\w-]+)/.exec(child!.environment)![1]!;
    expect(secret.length).toBeGreaterThan(40);
    expect(childrenOf(shared).filter(({ environment }) => environment.includes(secret))).toHaveLength(1);
    expect(execFileSync('ps', ['-A', '-ww', '-o', 'args='], { encoding: 'utf8' })).not.toContain(secret);
    const files = Object.values(readFiles(shared.stateDirectory));
    expect(files.length).toBeGreaterThan(0);
    expect(files.filter((text) => text.includes(secret))).toEqual([]);
    expect(shared.log.lines.join('\n')).not.toContain(secret);
    // It is not a token of the gateway.
    const refused = await shared.fetch('/v1/models', { headers: { authorization: `Bearer ${secret}` } });
    expect(refused.status).toBe(401);
    // Its port answers at one path, and with the secret alone.
    const url = baseUrlOf(shared);
    const send = (path: string, authorization: string) =>
      fetch(`${url}${path}`, { method: 'POST', headers: { authorization }, body: '{}' });
    expect((await send('/responses', 'Bearer test-token-of-this-suite')).status).toBe(401);
    expect((await send('/responses', '')).status).toBe(401);
    expect((await send('/models', `Bearer ${secret}`)).status).toBe(404);
    expect((await send('/responses', `Bearer ${secret}`)).status).toBe(200);
  });

  it('lists the models that answer at /responses, as copilot/<id>, beside the others', async () => {
    const { data } = await shared.client.models.list();
    const ids = data.map(({ id }) => id);
    expect(ids.filter((id) => id.startsWith('copilot/'))).toEqual([
      'copilot/gpt-5.5',
      'copilot/gpt-5.6-luna',
    ]);
    expect(ids).toContain('gpt-5.5');
    expect(data.find(({ id }) => id === 'copilot/gpt-5.5')).toMatchObject({
      object: 'model',
      created: 0,
      owned_by: 'OpenAI',
      context_length: 400_000,
      reasoning_efforts: ['low', 'medium', 'high'],
      input_modalities: ['text', 'image'],
      is_default: false,
    });
    expect(data.filter((model) => (model as { is_default?: boolean }).is_default)).toHaveLength(1);
  });

  it('shows one of them at /v1/models/copilot/<id>, and has a 404 for an unknown one', async () => {
    const found = await shared.fetch('/v1/models/copilot/gpt-5.5');
    expect(await found.json()).toMatchObject({ id: 'copilot/gpt-5.5', owned_by: 'OpenAI' });
    const absent = await shared.fetch('/v1/models/copilot/unknown');
    expect(absent.status).toBe(404);
    expect(await absent.json()).toMatchObject({ error: { code: 'model_not_found' } });
  });

  it('lets Copilot alone answer a chat completion', async () => {
    shared.copilot.use(say('Hello from ', 'Copilot.'));
    const answer = await shared.client.chat.completions.create({ model: 'copilot/gpt-5.5', messages });
    expect(answer.choices[0]?.message.content).toBe('Hello from Copilot.');
    expect(shared.copilot.responses).toHaveLength(1);
    expect(shared.copilot.responses[0]?.body.model).toBe('gpt-5.5');
    expect(shared.copilot.responses[0]?.headers.authorization).toBe(`Bearer ${COPILOT_TOKEN}`);
    expect(shared.upstream.requests).toEqual([]);
  });

  it('does not know an id that Copilot does not list, and sends nothing', async () => {
    const asking = shared.client.chat.completions.create({ model: 'copilot/unknown', messages });
    await expect(asking).rejects.toMatchObject({ status: 404, code: 'model_not_found' });
    expect(shared.copilot.responses).toEqual([]);
  });

  it('lets Codex answer for a model of the same id without the prefix', async () => {
    await shared.client.chat.completions.create({ model: 'gpt-5.5', messages });
    expect(shared.upstream.requests).toHaveLength(1);
    expect(shared.copilot.requests).toEqual([]);
  });

  it('goes on with its other models when the app-server of Copilot hangs or is killed, and starts that again', async () => {
    await ask(shared);
    const other = childrenOf(shared).find((child) => !isCopilots(child));
    const { pid } = childrenOf(shared).find(isCopilots)!;
    for (const signal of ['SIGSTOP', 'SIGKILL'] as const) {
      process.kill(pid, signal);
      await shared.client.chat.completions.create({ model: 'gpt-5.5', messages });
      expect(await listIds(shared)).toContain('copilot/gpt-5.5');
      expect((await shared.fetch('/status')).status).toBe(200);
    }
    await expect
      .poll(() => ask(shared).catch(() => undefined), { timeout: 10_000 })
      .toBe('Hello from Copilot.');
    expect(childrenOf(shared).map((child) => child.pid)).toContain(other!.pid);
  });

  it('does not log what it changes in later requests under the id of the first one', async () => {
    for (const _ of [1, 2]) await ask(shared);
    const changes = shared.log.lines.filter((line) => line.includes('taken out of a request'));
    expect(changes).toHaveLength(2);
    for (const line of changes) expect(line).not.toContain('"id":');
  });

  it('says in /status whether someone is signed in, and starts its app-server again when the list of models changes, as for another account', async () => {
    const folder = createFolder();
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const tokenFile = join(folder, 'tokens.json');
    const signIn = (name: string) =>
      writeFileSync(tokenFile, JSON.stringify({ copilotToken: `tid=${name};exp=4102444800:mac` }));
    const gateway = await useCopilotGateway({
      isSignedIn: false,
      environment: { COPILOT_TOKEN_FILE: tokenFile },
    });
    const readStatus = async () => (await gateway.fetch('/status')).json();
    expect(await readStatus()).toMatchObject({ login: 'not-needed', copilot: 'signed-out' });
    signIn('first');
    expect(await readStatus()).toMatchObject({ login: 'not-needed', copilot: 'signed-in' });
    await ask(gateway);
    const before = childrenOf(gateway).find(isCopilots);
    await ask(gateway);
    expect(childrenOf(gateway).filter(isCopilots)).toMatchObject([{ pid: before!.pid }]);
    gateway.copilot.models = [{ id: 'gpt-7', supported_endpoints: ['/responses'] }];
    signIn('second');
    expect(await ask(gateway, 'copilot/gpt-7')).toBe('Hello from Copilot.');
    expect(gateway.copilot.responses.at(-1)?.body.model).toBe('gpt-7');
    await expect(ask(gateway)).rejects.toMatchObject({ status: 404 });
    const others = () =>
      childrenOf(gateway).filter((child) => isCopilots(child) && child.pid !== before!.pid);
    await expect.poll(() => childrenOf(gateway).filter(isCopilots), { timeout: 5_000 }).toHaveLength(1);
    expect(others()).toHaveLength(1);
  });

  it('sends Copilot nothing of Codex’s own', async () => {
    for (const model of ['copilot/gpt-5.5', 'copilot/gpt-5.6-luna']) {
      await ask(shared, model);
      const request = shared.copilot.responses.at(-1)!;
      expectBare(request);
      const { body, headers } = request;
      expect(JSON.stringify([body, headers])).not.toContain('turn-metadata');
    }
  });
});

describe('a gateway with models of Copilot in its settings', () => {
  const gateway = shareCopilotGateway({
    config: {
      defaultModel: 'copilot/gpt-5.6-luna',
      models: [
        { id: 'fast', model: 'copilot/gpt-5.5', reasoningEffort: 'low' },
        { id: 'copilot/gpt-5.5', system: 'Be brief.' },
        { id: '*', model: 'copilot/gpt-5.6-luna' },
      ],
    },
  });

  it('has them behind aliases, presets, the default model and the fallback', async () => {
    const bodies = async (model: string | undefined) => {
      await gateway.post({ ...(model !== undefined && { model }), messages });
      return gateway.copilot.responses.at(-1)!.body;
    };
    expect(await bodies('fast')).toMatchObject({ model: 'gpt-5.5', reasoning: { effort: 'low' } });
    expect(await bodies('fast-high')).toMatchObject({ model: 'gpt-5.5', reasoning: { effort: 'high' } });
    expect((await bodies('copilot/gpt-5.5')).input[0]).toMatchObject({ role: 'developer' });
    expect(await bodies('gpt-4o')).toMatchObject({ model: 'gpt-5.6-luna' });
    expect(await bodies(undefined)).toMatchObject({ model: 'gpt-5.6-luna' });
    expect(gateway.upstream.requests).toEqual([]);
    const ids = await listIds(gateway);
    expect(ids).toEqual(expect.arrayContaining(['fast', 'copilot/gpt-5.5', 'copilot/gpt-5.6-luna']));
    expect(gateway.running.missingTargets).toEqual([]);
  });

  it('lets a running answer of Copilot come to its end when it stops, and leaves nothing behind', async () => {
    const goOn = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    gateway.copilot.use(async (_request, response) => {
      startMessage(response, 'Hel');
      begun.resolve();
      await goOn.promise;
      sendMessageDone(response, 'Hello.');
      sendCompleted(response);
    });
    const asking = ask(gateway);
    await begun.promise;
    const closing = gateway.close(AbortSignal.timeout(20_000));
    goOn.resolve();
    expect(await asking).toBe('Hello.');
    await closing;
    expect(childrenOf(gateway)).toEqual([]);
  });
});

describe('without Codex', () => {
  it('the models of Copilot are absent in the demo, which asks nobody', async () => {
    const gateway = await useCopilotGateway({ demo: true });
    expect((await listIds(gateway)).filter((id) => id.startsWith('copilot/'))).toEqual([]);
    expect(gateway.copilot.requests).toEqual([]);
  });

  it('the models of Copilot work for someone whose Codex is signed out', async () => {
    const gateway = await useCopilotGateway({ codexConfig: () => '' });
    expect(gateway.running.login.type).toBe('signed-out');
    expect(await listIds(gateway)).toContain('copilot/gpt-5.5');
    expect(await ask(gateway)).toBe('Hello from Copilot.');
    await expect(ask(gateway, 'gpt-5.5')).rejects.toMatchObject({ status: 401, code: 'codex_not_signed_in' });
    await expect(ask(gateway, 'copilot/unknown')).rejects.toMatchObject({ code: 'model_not_found' });
  });
});

describe('a list of Copilot’s models that does not come', () => {
  it('fails: the other models are listed and work, and a request for one of Copilot’s says why', async () => {
    const gateway = await useCopilotGateway();
    gateway.copilot.list = answerWith(500, 'oops');
    const ids = await listIds(gateway);
    expect(ids).toContain('gpt-5.5');
    expect(ids).not.toContain('copilot/gpt-5.5');
    await gateway.client.chat.completions.create({ model: 'gpt-5.5', messages });
    await expect(ask(gateway)).rejects.toThrow(/GitHub Copilot/);
  });

  it('is slow: it delays the first list by some seconds at most, and nothing else', async () => {
    const gateway = await useCopilotGateway();
    const asked = Promise.withResolvers<RecordedRequest>();
    const late = Promise.withResolvers<void>();
    gateway.copilot.list = async (request, response) => {
      asked.resolve(request);
      await late.promise;
      await answerWith(200, { data: gateway.copilot.models })(request, response);
    };
    const start = performance.now();
    const first = listIds(gateway);
    await asked.promise;
    await gateway.client.chat.completions.create({ model: 'gpt-5.5', messages });
    expect(await first).not.toContain('copilot/gpt-5.5');
    expect(performance.now() - start).toBeLessThan(6_000);
    const again = performance.now();
    await listIds(gateway);
    expect(performance.now() - again).toBeLessThan(1_500);
    late.resolve();
    await expect.poll(() => listIds(gateway)).toContain('copilot/gpt-5.5');
  });
});

/** Returns the base URL of the way to the adapter, from the configuration of the app-server. */
function baseUrlOf({ stateDirectory }: CopilotGateway): string {
  const homes = join(stateDirectory, 'homes');
  const urls = Object.entries(readFiles(homes)).flatMap(([path, text]) => {
    if (!path.endsWith('config.toml')) return [];
    return /base_url = "(http:\/\/127\.0\.0\.1:\d+\/copilot\/v1)"/.exec(text)?.[1] ?? [];
  });
  return urls[0]!;
}
