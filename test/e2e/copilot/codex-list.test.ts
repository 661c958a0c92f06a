import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { execCodex } from '../../support/codex-exec.ts';
import { useCopilotGateway } from '../../support/copilot/copilot-fakes.ts';
import { runMain } from '../../support/run-main.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** No sandbox: not every machine has one. */
const CODEX_CONFIG = `
sandbox_mode = "danger-full-access"
check_for_update_on_startup = false
[analytics]
enabled = false
`;

/** Models with everything in their entries that can be odd. */
const MODELS = [
  copilotModel('gpt-5.5', { reasoning_effort: ['minimal', 'odd', '', 'high'], vision: true }, 400_000.5),
  copilotModel('gpt-4.1', {}, 128_000),
  copilotModel('hidden', { reasoning_effort: ['none'] }, 100),
];

function copilotModel(id: string, supports: object, tokens: number): object {
  const limits = { max_context_window_tokens: tokens, max_prompt_tokens: 90 };
  return { id, supported_endpoints: ['/responses'], capabilities: { type: 'chat', limits, supports } };
}

it("the real Codex takes its profile, and the list of Copilot's models as it is", async () => {
  const gateway = await useCopilotGateway();
  gateway.copilot.models = MODELS;
  const folder = temporaryFolder();
  const work = join(folder, 'work');
  const environment = {
    PATH: process.env.PATH ?? '',
    HOME: folder,
    XDG_STATE_HOME: dirname(gateway.stateDirectory),
    CODEX_HOME: join(folder, 'codex-home'),
  };
  expect((await runMain(['copilot', 'config', '--write'], environment)).complained).toBe('');
  writeFileSync(join(environment.CODEX_HOME, 'config.toml'), CODEX_CONFIG);
  mkdirSync(work);

  // Codex knows nothing of this model, so that what it sends is what the list says.
  const executed = await execCodex({ work, environment }, ['--profile', 'copilot', '-m', 'gpt-4.1', 'Hi.']);
  expect(executed).toMatchObject({ code: 0, stdout: expect.stringContaining('Hello from Copilot.') });
  expect(executed.stderr).not.toMatch(/refresh available models|metadata for/);
  const lists = gateway.log.lines.filter((line) => line.includes('"/copilot/v1/models"'));
  // It asks three times if it does not understand the answer.
  expect(lists.length).toBeLessThan(3);
  expect(lists.length).toBeGreaterThan(0);
  const [request] = gateway.copilot.responses;
  expect(request?.body.model).toBe('gpt-4.1');
  expect(request?.text).toContain('You are Codex');
});
