import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

let gateway: TestGateway;
afterEach(() => gateway.close());

const SET_UP = `
[mcp_servers."house tools"]
command = "/bin/false"
[mcp_servers.remote]
url = "http://127.0.0.1:9/mcp"
[features]
code_mode = true
`;

it('machine-wide settings are switched off, also when added later, and the others are reported', async () => {
  const systemFolder = join(temporaryFolder(), 'etc');
  mkdirSync(systemFolder);
  writeFileSync(join(systemFolder, 'config.toml'), SET_UP);
  gateway = await startTestGateway({ systemFolder });
  const ask = () => gateway.post({ model: 'gpt-6-sol', messages: [{ role: 'user', content: 'hello' }] });
  expect((await ask()).status).toBe(200);
  expect(gateway.upstream.requests[0]!.body).toMatchObject({ tools: [], input: [{ role: 'user' }] });
  expect(gateway.log.lines.join('\n')).not.toContain('reaches turns');

  writeFileSync(join(systemFolder, 'managed_config.toml'), 'notify = ["true"]');
  expect((await ask()).status).toBe(200);
  expect(gateway.log.lines).toContainEqual(
    expect.stringMatching(/^warn the machine's Codex set-up reaches turns .*managed_config\.toml: notify/),
  );
});
