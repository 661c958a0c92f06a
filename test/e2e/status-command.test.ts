import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { VERSION } from '../../src/app/config/version.ts';
import { runMain } from '../support/run-main.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { say } from '../support/upstream.ts';
import { TOKEN } from '../support/gateway.ts';
import { useTestGateway } from '../support/use-test-gateway.ts';

const gateway = useTestGateway();

/** Runs `status` as the user whose gateway is running. */
async function askStatus(stateDirectory: string, ...args: string[]) {
  const folder = temporaryFolder();
  const config = join(folder, 'codex-gateway', 'config.json');
  mkdirSync(join(folder, 'codex-gateway'));
  writeFileSync(config, JSON.stringify({ port: 1 }));
  const environment = {
    HOME: folder,
    XDG_CONFIG_HOME: folder,
    XDG_STATE_HOME: join(stateDirectory, '..'),
  };
  return await runMain(['status', ...args], environment);
}

it('status --json describes the running gateway: process, address, turns, last hour and memory', async () => {
  gateway.upstream.use(say('Hello.'));
  const chat = { model: 'gpt-5.5', messages: [{ role: 'user', content: 'hello' }] };
  await (await gateway.post(chat)).text();
  await (await gateway.post({ ...chat, model: 'absent' })).text();
  const { code, printed } = await askStatus(gateway.stateDirectory, '--json', '--token', TOKEN);
  expect(code).toBe(0);
  const report = JSON.parse(printed) as { memory: { gateway: number; child: number }; since: string };
  expect(report).toEqual({
    running: true,
    pid: process.pid,
    since: expect.any(String),
    version: VERSION,
    address: gateway.running.origin,
    account: null,
    limits: [],
    turns: { running: 0, waiting: 0 },
    last_hour: { requests: 2, errors: 1 },
    memory: { gateway: expect.any(Number), child: expect.any(Number) },
  });
  expect(Math.abs(Date.parse(report.since) - Date.now())).toBeLessThan(600_000);
  expect(report.memory.child).toBeGreaterThan(1024 * 1024);
});

it('status prints lines for people', async () => {
  const { code, printed } = await askStatus(gateway.stateDirectory, '--token', TOKEN);
  expect(code).toBe(0);
  expect(printed).toContain(`Running: process ${process.pid}`);
  expect(printed).toContain(`Address: ${gateway.running.origin}`);
  expect(printed).toMatch(/Memory: {2}gateway \d+ MB, Codex \d+ MB/);
});

it('status says that the gateway runs even if its token is not known', async () => {
  const { code, printed, complained } = await askStatus(
    gateway.stateDirectory,
    '--json',
    '--token',
    'another-token-of-a-test',
  );
  expect(code).toBe(0);
  expect(JSON.parse(printed)).toMatchObject({ running: true, pid: process.pid, turns: null });
  expect(complained).toContain('token');
});

it('status ends with exit code 1 if no gateway runs', async () => {
  const state = join(temporaryFolder(), 'codex-gateway');
  const { code, printed } = await askStatus(state, '--json');
  expect(JSON.parse(printed)).toEqual({ running: false });
  expect(code).toBe(1);
});
