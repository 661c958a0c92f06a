import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa, type Options } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runMain } from '../support/run-main.ts';
import { serveTools } from '../support/serve-tools.ts';
import { createFolder, temporaryFolder } from '../support/temporary-folder.ts';
import { userEnvironment } from '../support/command-line.ts';
import { CONFORMANCE_TOOLS } from './conformance-tools.ts';

/** The official checks, which are too big for everybody's `npm ci`: 51 and 136 MB. */
const PACKAGES = ['@modelcontextprotocol/conformance@0.1.16', '@modelcontextprotocol/inspector@2.12.0'];

/** Checks that a server with tools alone can pass; the others call tools that answer with fixed texts, images and sounds. */
const SCENARIOS = [
  'server-initialize',
  'ping',
  'tools-list',
  'tools-call-error',
  'tools-call-with-progress',
  'json-schema-2020-12',
  'server-sse-multiple-streams',
  'dns-rebinding-protection',
];

const DIFF = '+++ b/a.txt\n@@ -0,0 +1 @@\n+<<<<<<< ours\n';

const folder = createFolder();

beforeAll(async () => {
  await execa('npm', [
    'install',
    '--prefix',
    folder,
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    ...PACKAGES,
  ]);
});

afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

/** Runs a command of the packages, whose home is the temporary folder. */
async function run(name: string, args: readonly string[], options: Options = {}) {
  const env = { HOME: folder, NO_COLOR: '1', MCP_INSPECTOR_SECRET_STORE: 'memory' };
  return await execa(join(folder, 'node_modules/.bin', name), args, {
    cwd: folder,
    env,
    reject: false,
    timeout: 60_000,
    ...options,
  });
}

describe('the official conformance checks of a server', () => {
  it.each(SCENARIOS)('pass: %s', async (scenario) => {
    const { origin } = await serveTools({ tools: CONFORMANCE_TOOLS, addsToken: true });
    const { exitCode, stdout, stderr } = await run('conformance', [
      'server',
      '--url',
      `${origin}/mcp`,
      '--scenario',
      scenario,
    ]);
    expect({ exitCode, output: `${String(stdout)}${String(stderr)}` }).toEqual({
      exitCode: 0,
      output: expect.stringMatching(/Passed: (\d+)\/\1, 0 failed, 0 warnings/),
    });
  });
});

describe('the inspector', () => {
  it('finds no fault with the tools over HTTP, and calls one', async () => {
    const { origin } = await serveTools();
    const server = [`${origin}/mcp`, '--header', 'Authorization: Bearer all'];
    const listed = await run('mcp-inspector', ['--cli', ...server, '--method', 'tools/list', '--strict']);
    // It ends with 6 if a client could not read a schema.
    expect(listed).toMatchObject({ exitCode: 0 });
    const call = ['--method', 'tools/call', '--tool-name', 'repo_hygiene', '--tool-arg', `diff=${DIFF}`];
    const called = await run('mcp-inspector', ['--cli', ...server, ...call]);
    expect(JSON.parse(String(called.stdout))).toMatchObject({
      structuredContent: { issues: [{ rule: 'conflict-marker' }] },
    });
  });

  it('finds no fault with any tool over standard input and output, with the printed configuration', async () => {
    const home = temporaryFolder();
    const environment = userEnvironment(home);
    const config = join(environment.HOME!, '.config/codex-gateway');
    mkdirSync(config, { recursive: true });
    const tools = {
      knowledge: ['docs/**/*.md'],
      tests: { unit: { command: ['true'], cwd: home, report: 'tap' } },
      repositories: { 'octo/tools': { path: home } },
    };
    writeFileSync(join(config, 'config.json'), JSON.stringify({ tools }), { mode: 0o600 });
    const printed = await runMain(['mcp', 'config', 'claude'], environment);
    writeFileSync(join(home, 'mcp.json'), printed.printed);
    const server = ['--config', join(home, 'mcp.json'), '--server', 'codex-gateway'];
    const list = ['--cli', ...server, '--method', 'tools/list', '--strict'];
    const listed = await run('mcp-inspector', list, { env: environment });
    // It ends with 6 if a client could not read a schema.
    expect(listed).toMatchObject({ exitCode: 0 });
    expect(JSON.parse(String(listed.stdout))).toMatchObject({
      tools: expect.arrayContaining([expect.objectContaining({ name: 'repo_hygiene' })]),
    });
  });
});
