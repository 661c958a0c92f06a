import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { generateText } from 'ai';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findBinary } from '../../src/codex/process/binary.ts';
import { startGateway } from '../../src/app/compose.ts';
import type { RunningGateway } from '../../src/app/running-gateway.ts';
import { readSettings } from '../../src/app/config/config.ts';
import type { Client } from '../../src/app/clients/client.ts';
import { CLIENTS } from '../../src/app/clients/clients.ts';
import { createMemoryLog } from '../support/memory-log.ts';
import { runMain } from '../support/run-main.ts';
import { createFolder, temporaryFolder } from '../support/temporary-folder.ts';

const MODULES = fileURLToPath(new URL('../../node_modules', import.meta.url));
const README = fileURLToPath(new URL('../../README.md', import.meta.url));
const CLIENTS_PAGE = fileURLToPath(new URL('../../docs/clients.md', import.meta.url));
const ANSWER = /Hello/;

let running: RunningGateway;
let environment: Record<string, string>;
beforeAll(async () => {
  environment = { PATH: process.env.PATH ?? '', HOME: createFolder() };
  const settings = { ...(await readSettings({}, environment)), port: 0 };
  running = await startGateway({ settings, environment, observer: createMemoryLog(), demo: true });
});
afterAll(async () => {
  await running.close(AbortSignal.abort());
  rmSync(environment.HOME!, { recursive: true, force: true });
});

/** Returns what `show` prints of a client for the demo. */
async function show(client: string): Promise<string> {
  const { code, printed } = await runMain(['show', client], environment);
  expect(code).toBe(0);
  return printed;
}

/** Runs a script by Node, with the packages of this project. */
async function runScript(text: string): Promise<string> {
  const folder = temporaryFolder();
  symlinkSync(MODULES, join(folder, 'node_modules'));
  writeFileSync(join(folder, 'script.mjs'), text);
  return (await execa(process.execPath, [join(folder, 'script.mjs')])).stdout;
}

/** Runs a shell paste with a stand-in for a program that prints its arguments, and notes them. */
function pasteWith(program: string, script: string, text: string) {
  const folder = temporaryFolder();
  writeFileSync(join(folder, program), `#!/bin/sh\n${script}`, { mode: 0o755 });
  const env = { PATH: `${folder}:${process.env.PATH}`, FOLDER: folder };
  return { folder, stdout: execFileSync('/bin/sh', ['-c', text], { encoding: 'utf8', env }) };
}

describe('the set-up that show prints', () => {
  it('works as it is for curl', async () => {
    const { stdout } = await execa('/bin/sh', ['-c', await show('curl')]);
    expect(stdout).toMatch(ANSWER);
    expect(stdout).toContain('data: [DONE]');
  });

  it.each(['node', 'ai-sdk'])('works as it is for %s', async (client) => {
    expect(await runScript(await show(client))).toMatch(ANSWER);
  });

  it.each(['python', 'langchain'])('is valid Python for %s', async (client) => {
    const text = await show(client);
    expect(text).toContain(`base_url="${running.origin}/v1"`);
    const { status, stderr } = spawnSync('python3', ['-c', 'import ast, sys; ast.parse(sys.stdin.read())'], {
      input: text,
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([0, '']);
  });

  it('works as a provider configuration for opencode', async () => {
    const config = JSON.parse(await show('opencode')) as {
      provider: Record<string, { npm: string; name: string; options: { baseURL: string; apiKey: string } }>;
      model: string;
    };
    const [id, ...model] = config.model.split('/');
    const { npm, name, options } = config.provider[id!]!;
    expect(npm).toBe('@ai-sdk/openai-compatible');
    const provider = createOpenAICompatible({ name, ...options });
    expect((await generateText({ model: provider(model.join('/')), prompt: 'Hello' })).text).toMatch(ANSWER);
  });

  it('works as it is for Codex', async () => {
    const folder = temporaryFolder();
    const text = await show('codex');
    const codexHome = join(folder, 'codex-home');
    mkdirSync(codexHome);
    writeFileSync(join(codexHome, 'config.toml'), text);
    const [, variable, token] = /^# export (\w+)=(\S+)$/m.exec(text)!;
    const env = { PATH: process.env.PATH ?? '', HOME: folder, CODEX_HOME: codexHome, [variable!]: token! };
    const { path } = await findBinary(undefined, env);
    const options = { cwd: folder, env, extendEnv: false, stdin: 'ignore' } as const;
    const { stdout } = await execa(path, ['exec', '--skip-git-repo-check', 'Hello'], options);
    expect(stdout).toMatch(ANSWER);
  });

  it('passes the right arguments to aider', async () => {
    const { stdout } = pasteWith('aider', `printf '%s\\n' "$@"`, await show('aider'));
    expect(stdout.trimEnd().split('\n')).toEqual([
      '--openai-api-base',
      `${running.origin}/v1`,
      '--openai-api-key',
      running.token,
      '--model',
      'openai/demo',
    ]);
  });

  it('passes the right arguments and configuration to llm', async () => {
    const script = `if [ "$1" = logs ]; then echo "$FOLDER/logs.db"; else echo "$@"; fi`;
    const { folder, stdout } = pasteWith('llm', script, await show('llm'));
    expect(stdout).toBe(`keys set codex-gateway --value ${running.token}\n-m codex-gateway Hello\n`);
    expect(readFileSync(join(folder, 'extra-openai-models.yaml'), 'utf8')).toBe(
      [
        '- model_id: codex-gateway',
        '  model_name: "demo"',
        `  api_base: ${running.origin}/v1`,
        '  api_key_name: codex-gateway',
        '  supports_tools: true',
        '  supports_schema: true',
        '  vision: true',
        '',
      ].join('\n'),
    );
  });

  it('has the right configuration lines for Continue', async () => {
    const text = await show('continue');
    for (const line of ['schema: v1', '    provider: openai', `    apiBase: ${running.origin}/v1`]) {
      expect(text.split('\n')).toContain(line);
    }
  });
});

it.each(['azure', 'agents', 'codex', 'llm', 'continue', 'aider', 'opencode', 'curl'] as const)(
  'the page about clients has the set-up that show prints for %s',
  (client) => {
    const facts = { origin: 'http://127.0.0.1:8000', token: 'codex-gateway-local-…', model: 'gpt-5.5' };
    const plain = (text: string) => text.replaceAll(/['"\s]/g, '');
    const lines = CLIENTS[client].write(facts);
    const shown = plain(lines.filter((line) => !line.startsWith('#')).join(''));
    expect({ shown, isOnPage: plain(readFileSync(CLIENTS_PAGE, 'utf8')).includes(shown) }).toEqual({
      shown,
      isOnPage: true,
    });
  },
);

it('the README lists the clients that show knows, each with its section of the page about clients', () => {
  const link = (client?: Client) => (client ? `[${client.title}](docs/clients.md#${client.section})` : '');
  const all = Object.values(CLIENTS);
  const [libraries, programs] = ['library', 'program'].map((kind) =>
    all.filter((client) => client.kind === kind),
  );
  const rows = libraries!.map((library, index) => `| ${link(library)} | ${link(programs![index])} |`);
  expect(readFileSync(README, 'utf8')).toContain(
    ['| libraries | programs |', '|---|---|', ...rows, ''].join('\n'),
  );
  const headings = readFileSync(CLIENTS_PAGE, 'utf8').matchAll(/^## (.+)$/gm);
  const sections = Array.from(headings, ([, title]) => title!.toLowerCase().replaceAll(' ', '-'));
  expect(all.map(({ section }) => section).filter((section) => !sections.includes(section))).toEqual([]);
});

it('the page about clients names every client that show knows', () => {
  const names = Object.keys(CLIENTS).map((name) => `\`${name}\``);
  const [last, ...others] = names.toReversed();
  const list = `The names it knows are ${others.toReversed().join(', ')} and ${last}.`;
  expect(readFileSync(CLIENTS_PAGE, 'utf8').replaceAll('\n', ' ')).toContain(list);
});
