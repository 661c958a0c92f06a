import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { parse } from 'smol-toml';
import { describe, expect, it, onTestFinished } from 'vitest';
import { runCommand, userEnvironment } from '../../../support/command-line.ts';
import { runMain } from '../../../support/run-main.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const DIFF = '+++ b/a.txt\n@@ -0,0 +1 @@\n+<<<<<<< ours\n';

const TEAM_TOOL =
  "export default ({ z }) => ({ name: 'team.a', description: 'A.', annotations: { readOnlyHint: true }, input: z.strictObject({}), output: z.strictObject({}), run: async () => ({}) });";

/** Creates a user with a config file. */
function createUser(config: object = {}) {
  const environment = userEnvironment(temporaryFolder());
  const folder = join(environment.HOME!, '.config/codex-gateway');
  mkdirSync(folder, { recursive: true });
  const path = join(folder, 'config.json');
  writeFileSync(path, JSON.stringify(config), { mode: 0o600 });
  return { environment, path };
}

async function printConfig(words: string[], environment: Record<string, string>): Promise<string> {
  const { code, printed, complained } = await runMain(['mcp', 'config', ...words], environment);
  expect([code, complained]).toEqual([0, '']);
  return printed;
}

describe('codex-gateway mcp config', () => {
  it('prints the server as a command, with names of variables and without a token', async () => {
    const token = 'test-token-of-this-suite';
    const { environment: user } = createUser({ token, tools: { github: { tokenEnv: 'GH_TOKEN' } } });
    const environment = { ...user, XDG_STATE_HOME: '/state', GH_TOKEN: token };
    const command = process.execPath;
    const args = [expect.stringMatching(/bin\/codex-gateway\.js$/), 'mcp'];
    expect(parse(await printConfig(['codex'], environment))).toEqual({
      mcp_servers: {
        'codex-gateway': {
          command,
          args,
          env: { XDG_STATE_HOME: '/state' },
          env_vars: ['GH_TOKEN'],
          tool_timeout_sec: 3_600,
        },
      },
    });
    const described = { command, args, env: { XDG_STATE_HOME: '/state', GH_TOKEN: '${GH_TOKEN}' } };
    expect(JSON.parse(await printConfig(['copilot'], environment))).toEqual({
      mcpServers: { 'codex-gateway': { type: 'local', ...described, tools: ['*'] } },
    });
    expect(JSON.parse(await printConfig(['claude'], environment))).toEqual({
      mcpServers: { 'codex-gateway': { type: 'stdio', ...described } },
    });
    const env = { XDG_STATE_HOME: '/state', GH_TOKEN: '${env:GH_TOKEN}' };
    expect(JSON.parse(await printConfig(['vscode'], environment))).toEqual({
      servers: { 'codex-gateway': { type: 'stdio', ...described, env } },
    });
  });

  it('prints the address of the gateway with --http, and a variable or an input for the token', async () => {
    const token = 'test-token-of-this-suite';
    const { environment } = createUser({ port: 8123, token });
    const url = 'http://127.0.0.1:8123/mcp';
    const codex = await printConfig(['codex', '--http'], environment);
    expect(parse(codex)).toEqual({
      mcp_servers: {
        'codex-gateway': {
          url,
          bearer_token_env_var: 'CODEX_GATEWAY_TOOLS_TOKEN',
          tool_timeout_sec: 3_600,
        },
      },
    });
    const http = { type: 'http', url, headers: { Authorization: 'Bearer ${CODEX_GATEWAY_TOOLS_TOKEN}' } };
    const copilot = await printConfig(['copilot', '--http'], environment);
    expect(JSON.parse(copilot)).toEqual({ mcpServers: { 'codex-gateway': { ...http, tools: ['*'] } } });
    const claude = await printConfig(['claude', '--http'], environment);
    expect(JSON.parse(claude)).toEqual({ mcpServers: { 'codex-gateway': http } });
    const vscode = await printConfig(['vscode', '--http'], environment);
    expect(JSON.parse(vscode)).toMatchObject({
      servers: {
        'codex-gateway': { ...http, headers: { Authorization: 'Bearer ${input:codex-gateway-token}' } },
      },
      inputs: [{ type: 'promptString', id: 'codex-gateway-token', password: true }],
    });
    for (const text of [codex, copilot, claude, vscode]) expect(text).not.toContain(token);
  });

  it('names the config file only if the user has', async () => {
    const { environment, path } = createUser();
    const printed = await printConfig(['codex', '--config', path], environment);
    expect(parse(printed)).toMatchObject({
      mcp_servers: { 'codex-gateway': { args: [expect.any(String), '--config', path, 'mcp'] } },
    });
  });

  it.each([
    [['config', 'emacs'], "has no client 'emacs'; it knows codex, copilot, vscode, claude"],
    [['config', 'constructor'], "has no client 'constructor'"],
    [['config'], 'needs the name of a client; it knows codex, copilot, vscode, claude'],
    [['config', 'codex', 'claude'], "leave out 'config codex claude'"],
    [['serve'], "leave out 'serve'"],
    [['--http'], '--http belongs to'],
  ])('%j is an error that says what is possible', async (words, problem) => {
    const { code, printed, complained } = await runMain(['mcp', ...words], createUser().environment);
    expect([code, printed]).toEqual([1, '']);
    expect(complained).toContain(problem);
  });
});

describe('codex-gateway mcp', () => {
  it.each(['legacy', 'auto'] as const)('serves a client of the mode %s, and ends with it', async (mode) => {
    const { environment } = createUser();
    const command = JSON.parse(await printConfig(['claude'], environment)).mcpServers['codex-gateway'];
    const transport = new StdioClientTransport({ ...command, env: environment, stderr: 'pipe' });
    const client = new Client({ name: 'codex-mcp-client', version: '1' }, { versionNegotiation: { mode } });
    onTestFinished(() => client.close());
    await client.connect(transport);
    expect((await client.listTools()).tools.map(({ name }) => name)).toContain('repo_hygiene');
    const result = await client.callTool({ name: 'repo_hygiene', arguments: { diff: DIFF } });
    expect(result.structuredContent).toMatchObject({ issues: [{ rule: 'conflict-marker' }] });
    await client.close();
    const audit = readFileSync(
      join(environment.HOME!, '.local/state/codex-gateway/tools-audit.jsonl'),
      'utf8',
    );
    expect(
      audit
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toMatchObject([{ key: 'stdio', assistant: 'codex', tool: 'repo.hygiene', outcome: 'ok' }]);
  });

  it('prints nothing but the protocol, and what is wrong on standard error', async () => {
    const { environment } = createUser({ tools: { unknown: true } });
    const { code, stdout, stderr } = await runCommand(['mcp'], environment);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain('unknown');
  });

  it('ends with its client although a module leaves a timer running', async () => {
    const { environment, path } = createUser({ tools: { modules: ['./team.mjs'] } });
    writeFileSync(join(dirname(path), 'team.mjs'), `${TEAM_TOOL}\nsetInterval(() => {}, 1000);`, {
      mode: 0o600,
    });
    expect(await runCommand(['mcp'], environment)).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  it('says which error of a module ends it, and which module ends the process while it is loaded', async () => {
    const run = async (text: string) => {
      const { environment, path } = createUser({ tools: { modules: ['./team.mjs'] } });
      writeFileSync(join(dirname(path), 'team.mjs'), text, { mode: 0o600 });
      return await runCommand(['mcp'], environment);
    };
    const late = await run(
      `${TEAM_TOOL}\nsetImmediate(() => { throw new Error('lost /home/team/a.json'); });`,
    );
    expect([late.code, late.stdout]).toEqual([1, '']);
    const lines = late.stderr.trim().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      {
        level: 50,
        msg: 'the gateway ends because of an uncaught exception',
        problem: 'lost a.json',
        place: 'team.mjs:2',
      },
    ]);
    const ended = await run('process.exit(0);');
    expect([ended.code, ended.stdout]).toEqual([1, '']);
    expect(ended.stderr).toMatch(
      /The process ended while the module \S+team\.mjs of tools\.modules was being loaded\.\n$/,
    );
  });
});
