import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectBare } from '../support/expect-bare.ts';
import { scriptedProvider, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { say } from '../support/upstream.ts';

/** Occurs in every source of prompt text that Codex knows. */
const LEAK = 'LEAK_MARKER';

/** Leaves a file when it runs. */
const trace = (path: string) => ['/bin/sh', '-c', `echo ran >> ${path}`];

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** A user's Codex set-up with something of everything. */
function hostileConfig(folder: string, traces: string): string {
  const run = JSON.stringify(trace(traces));
  const [command, ...args] = trace(traces);
  return `
instructions = "${LEAK}_INSTRUCTIONS"
developer_instructions = "${LEAK}_DEVELOPER"
model_reasoning_effort = "high"
model_reasoning_summary = "detailed"
notify = ${run}
[features]
memories = true
hooks = true
[mcp_servers.leak]
command = "${command}"
args = ${JSON.stringify(args)}
[projects."${folder}"]
trust_level = "trusted"
[[hooks.SessionStart]]
[[hooks.SessionStart.hooks]]
type = "command"
command = "echo ran >> ${traces}"
`;
}

function fillHome(home: string, traces: string): void {
  write(join(home, 'AGENTS.md'), `${LEAK}_AGENTS`);
  write(
    join(home, 'skills/leak/SKILL.md'),
    `---\nname: leak\ndescription: ${LEAK}_SKILL\n---\n${LEAK}_SKILL`,
  );
  write(join(home, 'memories/MEMORY.md'), `${LEAK}_MEMORY`);
  write(join(home, 'memories/memory_summary.md'), `${LEAK}_MEMORY`);
  const hook = { hooks: [{ type: 'command', command: `echo ran >> ${traces}` }] };
  write(
    join(home, 'hooks.json'),
    JSON.stringify({ hooks: { SessionStart: [hook], UserPromptSubmit: [hook] } }),
  );
}

function fillProject(project: string, traces: string): void {
  execFileSync('git', ['init', '-q', project]);
  write(join(project, 'AGENTS.md'), `${LEAK}_PROJECT_AGENTS`);
  write(
    join(project, '.codex/config.toml'),
    `instructions = "${LEAK}_PROJECT"\nnotify = ${JSON.stringify(trace(traces))}\n`,
  );
  write(
    join(project, '.codex/skills/leak/SKILL.md'),
    `---\nname: p\ndescription: ${LEAK}_PROJECT_SKILL\n---\n`,
  );
  write(
    join(project, '.agents/skills/leak/SKILL.md'),
    `---\nname: q\ndescription: ${LEAK}_PROJECT_SKILL\n---\n`,
  );
}

/** Path, size and time of every file, to see that nothing changed. */
function inventory(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .toSorted()
    .map((name) => {
      const { size, mtimeMs } = statSync(join(folder, name));
      return `${name} ${size} ${mtimeMs}`;
    });
}

describe.each(['auto', 'off'] as const)(
  'with nativeTools %s, in a home and a project full of instructions',
  (nativeTools) => {
    const before = process.cwd();
    let gateway: TestGateway;
    let traces: string;
    let project: string;
    let filesBefore: string[];

    beforeAll(async () => {
      gateway = await startTestGateway({
        config: { nativeTools },
        codexConfig: (url) => scriptedProvider(url),
        prepare(codexHome, url) {
          const folder = dirname(codexHome);
          traces = join(folder, 'traces');
          project = join(folder, 'project');
          writeFileSync(
            join(codexHome, 'config.toml'),
            // Top-level keys come before the first table.
            hostileConfig(project, traces).replace('[features]', `model_provider = "scripted"\n[features]`) +
              scriptedProvider(url).replace(/^model_provider.*$/m, ''),
          );
          writeFileSync(join(codexHome, 'auth.json'), '{"OPENAI_API_KEY":"sk-user"}', { mode: 0o600 });
          fillHome(codexHome, traces);
          fillProject(project, traces);
          filesBefore = inventory(codexHome);
          process.chdir(project);
        },
      });
      gateway.upstream.use(say('Hello.'));
    });
    afterAll(async () => {
      process.chdir(before);
      await gateway.close();
    });

    it('every listed model is sent the caller’s words and nothing else', async () => {
      const { data } = await gateway.client.models.list();
      const ids = data.map((model) => model.id);
      expect(ids).toEqual(expect.arrayContaining(['gpt-5.5', 'gpt-6-sol']));
      for (const model of ids) {
        await gateway.client.chat.completions.create({
          model,
          messages: [{ role: 'user', content: 'hello' }],
        });
        const request = gateway.upstream.requests.at(-1)!;
        const { body } = request;
        expect(body.model).toBe(model);
        expectBare(request);
        // What the gateway itself asks for, whatever the user's Codex is set to.
        expect(body.reasoning).toMatchObject({ summary: 'auto' });
        expect(JSON.stringify(body)).not.toContain(LEAK);
      }
      expect(gateway.upstream.requests).toHaveLength(ids.length);
    });

    it('runs nothing of it and changes nothing in the user’s CODEX_HOME', () => {
      expect(existsSync(traces)).toBe(false);
      expect(inventory(gateway.codexHome)).toEqual(filesBefore);
    });
  },
);

it('carries a provider over with its key and headers, in files that only the user can read', async () => {
  const gateway = await startTestGateway({
    environment: {
      SCRIPTED_KEY: 'key-of-the-provider',
      SCRIPTED_HEADER: 'value-of-the-header',
    },
    codexConfig: (url) => `${scriptedProvider(url)}
env_key = "SCRIPTED_KEY"
env_http_headers = { "x-from-env" = "SCRIPTED_HEADER" }
http_headers = { "x-fixed" = "fixed" }
query_params = { "api-version" = "1" }
`,
  });
  try {
    await gateway.client.chat.completions.create({
      model: 'gpt-6-sol',
      messages: [{ role: 'user', content: 'hello' }],
    });
    expect(gateway.upstream.requests[0]!.headers).toMatchObject({
      authorization: 'Bearer key-of-the-provider',
      'x-from-env': 'value-of-the-header',
      'x-fixed': 'fixed',
      originator: 'codex-gateway',
    });
    const [home] = readdirSync(join(gateway.stateDirectory, 'homes'));
    const privateHome = join(gateway.stateDirectory, 'homes', home!);
    expect(statSync(privateHome).mode & 0o777).toBe(0o700);
    expect(statSync(join(privateHome, 'config.toml')).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(privateHome, 'cwd'))).toEqual([]);
  } finally {
    await gateway.close();
  }
  expect(existsSync(gateway.stateDirectory)).toBe(false);
});

it('keeps a provider’s secret out of the process list and the log', async () => {
  const gateway = await startTestGateway({
    codexConfig: (url) => `${scriptedProvider(url)}experimental_bearer_token = "SECRET-OF-THE-PROVIDER"\n`,
  });
  try {
    await gateway.client.chat.completions.create({
      model: 'gpt-6-sol',
      messages: [{ role: 'user', content: 'hello' }],
    });
    expect(gateway.upstream.requests[0]!.headers.authorization).toBe('Bearer SECRET-OF-THE-PROVIDER');
    const processes = execFileSync('ps', ['-A', '-ww', '-o', 'args='], { encoding: 'utf8' });
    expect(processes).toContain('app-server');
    expect(processes).not.toContain('SECRET-OF-THE-PROVIDER');
    expect(gateway.log.lines.join('\n')).not.toContain('SECRET-OF-THE-PROVIDER');
  } finally {
    await gateway.close();
  }
});

it('uses an API key of the login in auth.json, through a link', async () => {
  const gateway = await startTestGateway({
    codexConfig: (url) => `openai_base_url = "${url}"\n`,
    prepare: (codexHome) => {
      writeFileSync(join(codexHome, 'auth.json'), '{"OPENAI_API_KEY":"sk-of-the-login"}', { mode: 0o600 });
    },
  });
  try {
    expect(gateway.running.login).toEqual({ type: 'account', account: { type: 'apiKey' } });
    await gateway.client.chat.completions.create({
      model: 'gpt-5.5',
      messages: [{ role: 'user', content: 'hello' }],
    });
    expect(gateway.upstream.requests[0]!.headers.authorization).toBe('Bearer sk-of-the-login');
    const homes = join(gateway.stateDirectory, 'homes');
    const link = readlinkSync(join(homes, readdirSync(homes)[0]!, 'auth.json'));
    expect(link).toBe(join(gateway.codexHome, 'auth.json'));
    expect(readFileSync(join(gateway.codexHome, 'auth.json'), 'utf8')).toBe(
      '{"OPENAI_API_KEY":"sk-of-the-login"}',
    );
  } finally {
    await gateway.close();
  }
});
