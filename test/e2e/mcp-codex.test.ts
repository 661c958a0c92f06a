import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { execCodex } from '../support/codex-exec.ts';
import { createFakeTool } from '../support/fake-tool.ts';
import { serveTools } from '../support/serve-tools.ts';
import { createVisibleFolder, temporaryFolder } from '../support/temporary-folder.ts';
import { say, sendItem, startUpstream } from '../support/upstream.ts';

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;

/** The model looks for the tool first, since Codex hides tools of servers behind its search. */
const SEARCH = {
  type: 'tool_search_call',
  id: 'ts_1',
  call_id: 'call_1',
  execution: 'client',
  status: 'completed',
  arguments: { query: 'change' },
};

const CALL = {
  type: 'function_call',
  id: 'fc_1',
  call_id: 'call_2',
  name: 'fake_change',
  namespace: 'mcp__gateway',
  status: 'completed',
  arguments: JSON.stringify({ title: 'the world', dry_run: false, confirm: true }),
};

it('the real Codex asks its person whatever the model confirms, and the audit knows its thread and turn', async () => {
  const { tool, runs } = createFakeTool();
  const { origin, audit } = await serveTools({ tools: [tool] });
  const upstream = await startUpstream();
  onTestFinished(upstream.close);
  const scripts = [sendItem(SEARCH), sendItem(CALL), say('Done.')];
  upstream.use((request, response) => scripts[upstream.requests.length - 1]!(request, response));
  const folder = temporaryFolder(createVisibleFolder);
  const [home, work] = [join(folder, 'home'), join(folder, 'work')];
  for (const path of [join(home, '.codex'), work]) mkdirSync(path, { recursive: true });
  writeFileSync(
    join(home, '.codex/config.toml'),
    `model = "gpt-5.5"
model_provider = "fake"
approval_policy = "never"
sandbox_mode = "danger-full-access"
[model_providers.fake]
name = "Fake"
base_url = "${upstream.baseUrl}"
wire_api = "responses"
[mcp_servers.gateway]
url = "${origin}/mcp"
bearer_token_env_var = "TOOLS_TOKEN"
default_tools_approval_mode = "approve"
`,
  );
  const environment = { PATH: process.env.PATH ?? '', HOME: home, TOOLS_TOKEN: 'all' };
  const { code, stdout } = await execCodex({ work, environment }, ['Change the world.']);
  expect([code, stdout]).toEqual([0, 'Done.']);
  // Codex cannot ask anybody here, and declines.
  expect(JSON.stringify(upstream.requests.at(-1)!.body.input.at(-1))).toContain('the question was declined');
  expect(runs).toEqual([]);
  expect(audit()).toMatchObject([
    {
      assistant: 'codex',
      tool: 'fake.change',
      outcome: '412',
      thread_id: expect.stringMatching(UUID),
      turn_id: expect.stringMatching(UUID),
    },
  ]);
});
