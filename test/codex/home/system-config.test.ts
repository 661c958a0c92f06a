import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSystemConfig } from '../../../src/codex/home/system-config.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

async function read(files: Readonly<Record<string, string>>) {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return await readSystemConfig(folder);
}

it('finds nothing to switch off on a machine without system configuration', async () => {
  expect(await readSystemConfig('/nonexistent')).toEqual({ mcpServers: {}, features: {}, leftovers: [] });
});

it('switches off MCP servers by name, each by its own transport', async () => {
  const { mcpServers, leftovers } = await read({
    'config.toml': `
[mcp_servers.local]
command = "server"
env = { KEY = "SECRET" }
[mcp_servers."a name.with dots"]
url = "https://mcp.test"
bearer_token_env_var = "X"
`,
    'managed_config.toml': '[mcp_servers.managed]\ncommand = "server"',
  });
  expect(mcpServers).toEqual({
    local: { command: '/bin/false', enabled: false },
    'a name.with dots': { url: 'http://127.0.0.1:9', enabled: false },
    managed: { command: '/bin/false', enabled: false },
  });
  expect(leftovers).toEqual([]);
});

it('switches off features that the system configuration enables', async () => {
  const { features, leftovers } = await read({
    'config.toml': '[features]\ncode_mode = true\ngoals = false\n[features.rollout_budget]\nenabled = true',
  });
  expect([features, leftovers]).toEqual([{ code_mode: false, rollout_budget: false }, []]);
});

describe('leftovers of the system configuration', () => {
  it.each([
    ['config.toml', 'model_verbosity = "low"', 'config.toml: model_verbosity'],
    ['managed_config.toml', 'notify = ["x"]', 'managed_config.toml: notify'],
    ['managed_config.toml', '[features]\nhooks = true', 'managed_config.toml: features.hooks'],
    [
      'managed_config.toml',
      '[mcp_servers.x]\ncommand = "x"\nenabled = true',
      'managed_config.toml: mcp_servers.x',
    ],
    [
      'requirements.toml',
      'additional_developer_instructions = "x"',
      'requirements.toml: additional_developer_instructions',
    ],
    ['requirements.toml', '[features]\nweb = true', 'requirements.toml: features.web'],
  ])('include a setting that overrides ours in %s: %s', async (file, text, leftover) => {
    expect((await read({ [file]: text })).leftovers).toEqual([leftover]);
  });

  it('include no other settings', async () => {
    const { leftovers } = await read({
      'config.toml': 'developer_instructions = "x"\nnotify = ["x"]\nmodel_provider = "x"',
      'managed_config.toml': 'instructions = "x"\napproval_policy = "never"\n[features]\nhooks = false',
      'requirements.toml': 'allowed_approval_policies = ["never"]\n[features]\nhooks = false',
    });
    expect(leftovers).toEqual([]);
  });
});

it('reads integers beyond the safe range of JavaScript', async () => {
  const { mcpServers } = await read({
    'config.toml': 'model_context_window = 9223372036854775807\n[mcp_servers.x]\ncommand = "x"',
  });
  expect(Object.keys(mcpServers)).toEqual(['x']);
});

it.each(['config.toml', 'managed_config.toml', 'requirements.toml'])(
  'rejects a %s that cannot be parsed',
  async (name) => {
    await expect(read({ [name]: 'model = ' })).rejects.toThrow(
      new RegExp(`${name} cannot be used: .*Correct it there`),
    );
  },
);
