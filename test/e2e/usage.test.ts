import { mkdirSync, readdirSync, writeFileSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createUsageLedger } from '../../src/app/state/usage-ledger.ts';
import { startGateway } from '../../src/app/compose.ts';
import { readSettings } from '../../src/app/config/config.ts';
import { NO_USAGE } from '../../src/conversation/usage.ts';
import { userEnvironment } from '../support/command-line.ts';
import { scriptedProvider, startTestGateway } from '../support/gateway.ts';
import { createMemoryLog } from '../support/memory-log.ts';
import { runMain } from '../support/run-main.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { say, startUpstream } from '../support/upstream.ts';

const CHAT = { model: 'gpt-5.5', messages: [{ role: 'user', content: 'hello' }] };

async function startWithLimits() {
  const gateway = await startTestGateway({
    config: { models: [{ id: 'gpt-5.5' }, { id: 'quick', model: 'gpt-5.5' }] },
  });
  onTestFinished(() => gateway.close());
  gateway.upstream.use((request, response) => {
    const resetAt = String(Math.floor(Date.now() / 1000) + 1000);
    response.setHeader('x-codex-primary-used-percent', '12');
    response.setHeader('x-codex-primary-window-minutes', '300');
    response.setHeader('x-codex-primary-reset-at', resetAt);
    void say('Hello.')(request, response);
  });
  return gateway;
}

it('GET /v1/usage returns the latest limits, and tokens by model for every API', async () => {
  const gateway = await startWithLimits();
  const before = await (await gateway.fetch('/v1/usage')).json();
  expect(before).toEqual({ account: null, plan: null, limits: [], tokens: { since_start: {}, today: {} } });

  const { usage } = (await (await gateway.post(CHAT)).json()) as {
    usage: { prompt_tokens: number; completion_tokens: number };
  };
  await (await gateway.post({ ...CHAT, model: 'quick', stream: true })).text();
  const body = JSON.stringify({ model: 'gpt-5.5', input: 'hello' });
  await (await gateway.fetch('/v1/responses', { method: 'POST', body })).text();

  const counts = {
    input: usage.prompt_tokens * 3,
    cached: expect.any(Number),
    output: usage.completion_tokens * 3,
  };
  expect(await (await gateway.fetch('/usage')).json()).toEqual({
    account: null,
    plan: null,
    limits: [{ window_minutes: 300, used_percent: 12, resets_at: expect.any(Number) }],
    tokens: { since_start: { 'gpt-5.5': counts }, today: { 'gpt-5.5': counts } },
  });
});

it('today’s tokens outlive the gateway, and the usage command prints them with and without it', async () => {
  const upstream = await startUpstream();
  onTestFinished(() => upstream.close());
  upstream.use(say('Hello.'));
  const environment = userEnvironment(temporaryFolder());
  writeFileSync(join(environment.HOME!, '.codex/config.toml'), scriptedProvider(upstream.baseUrl));
  const folder = join(environment.HOME!, '.config/codex-gateway');
  mkdirSync(folder, { recursive: true });
  // Nothing listens there, whatever else runs on this machine.
  writeFileSync(join(folder, 'config.json'), '{"port":1}');
  const settings = await readSettings({ port: '0', token: 'token-of-this-test' }, environment);
  const start = () => startGateway({ settings, environment, observer: createMemoryLog(), demo: false });
  const first = await start();
  const ask = {
    method: 'POST',
    headers: { authorization: 'Bearer token-of-this-test', 'content-type': 'application/json' },
  };
  await (await fetch(`${first.origin}/v1/chat/completions`, { ...ask, body: JSON.stringify(CHAT) })).text();
  const read = async () =>
    JSON.parse((await runMain(['usage', '--json', '--token', 'token-of-this-test'], environment)).printed);
  const { tokens } = await read();
  expect(tokens.today['gpt-5.5'].output).toBeGreaterThan(0);
  expect(tokens.since_start).toEqual(tokens.today);
  await first.close(AbortSignal.abort());

  expect((await read()).tokens).toEqual({ since_start: {}, today: tokens.today });
  const second = await start();
  onTestFinished(() => second.close(AbortSignal.abort()));
  expect((await read()).tokens).toEqual({ since_start: {}, today: tokens.today });
  const { printed } = await runMain(['usage', '--token', 'token-of-this-test'], environment);
  expect(printed).toMatch(/^Account: none$/m);
  expect(printed).toContain('Tokens since the start of the gateway: none');
  expect(printed).toMatch(/^Tokens today:\nMODEL +INPUT +CACHED +OUTPUT\ngpt-5\.5 +\d/m);
});

it('counts restart each day, old files are removed, and damaged ones are ignored', async () => {
  const folder = join(temporaryFolder(), 'usage');
  mkdirSync(folder);
  let time = new Date(2026, 10, 29, 23, 59).getTime();
  writeFileSync(join(folder, '2026-11-29.other.json'), '{"m":{"input":1,"cached":0,"output":2}}');
  writeFileSync(join(folder, '2026-11-29.broken.json'), '{');
  const ledger = createUsageLedger(folder, () => time);
  ledger.add('m', { ...NO_USAGE, inputTokens: 10, cachedInputTokens: 4, outputTokens: 5 });
  expect(await ledger.read()).toEqual({
    since_start: { m: { input: 10, cached: 4, output: 5 } },
    today: { m: { input: 11, cached: 4, output: 7 } },
  });
  time = new Date(2026, 10, 30, 0, 1).getTime();
  expect(await ledger.read()).toEqual({ since_start: { m: { input: 10, cached: 4, output: 5 } }, today: {} });
  ledger.add('m', { ...NO_USAGE, inputTokens: 1, outputTokens: 1 });
  await ledger.close();
  for (const name of readdirSync(folder).filter((file) => file.startsWith('2026-11-29.')))
    utimesSync(join(folder, name), 0, 0);
  await ledger.read();
  expect(readdirSync(folder)).toEqual([expect.stringMatching(/^2026-11-30\./)]);
});
