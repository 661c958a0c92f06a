import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { settingListSchema, type SettingList } from '../../../src/console/contract/settings.ts';
import { TOKEN } from '../../support/gateway.ts';
import { useTestGateway } from '../../support/use-test-gateway.ts';

const CONFIG = {
  verbosity: 'low',
  deadlines: { turn: 600 },
  copilot: { headers: { 'x-secret': 'hidden-header' }, rateLimit: { budget: 5 } },
  transport: 'http',
};

const gateway = useTestGateway({
  config: CONFIG,
  codexConfig: (url) => `openai_base_url = "${url}"\n`,
  environment: { RATE_LIMIT_MAX_TOTAL_WAIT_MS: '90000' },
});

const configPath = () => join(dirname(gateway.codexHome), 'config.json');

const readConfig = () => JSON.parse(readFileSync(configPath(), 'utf8')) as object;

const START = { port: 0, token: TOKEN, ...CONFIG };

async function list(): Promise<SettingList> {
  const response = await gateway.fetch('/console/settings');
  return settingListSchema.parse(await response.json());
}

const find = ({ settings }: Pick<SettingList, 'settings'>, key: string) =>
  settings.find((setting) => setting.key === key);

async function change(key: string, value: unknown) {
  const { version } = (await list()).file;
  const body = JSON.stringify({ version, key, value });
  const response = await gateway.fetch('/console/settings', { method: 'POST', body });
  const answer = (await response.json()) as SettingList & { readonly error?: { readonly message: string } };
  return { ...answer, status: response.status, message: answer.error?.message ?? '' };
}

beforeEach(() => writeFileSync(configPath(), JSON.stringify(START)));

it('each setting is shown with the value in force, where it is from and what it means', async () => {
  const shown = await list();
  expect(shown.settings.filter(({ meaning }) => meaning === '').map(({ key }) => key)).toEqual([]);
  expect(find(shown, 'deadlines.turn')).toMatchObject({
    group: 'Times, in seconds',
    kind: 'number',
    value: 600,
    source: 'file',
    default: 3600,
    file_value: 600,
    needs_restart: false,
  });
  expect(find(shown, 'deadlines.idle')).toMatchObject({ value: 300, source: 'default', is_in_file: false });
  expect(find(shown, 'transport')).toMatchObject({ kind: 'choice', source: 'file', is_in_file: true });
  expect(find(shown, 'copilot.rateLimit.budget')).toMatchObject({
    value: 90,
    source: 'environment',
    source_name: 'RATE_LIMIT_MAX_TOTAL_WAIT_MS',
    file_value: 5,
  });
  expect(find(shown, 'copilot.tokenFile')).toMatchObject({ default_text: '`~/.copilot-tokens.json`' });
  expect(find(shown, 'allowedOrigins')).toMatchObject({ default_text: 'all apps' });
  expect(
    shown.settings.filter(({ meaning }) => /\b(?:see|settings) below\b|^The same\b/.test(meaning)),
  ).toEqual([]);
  expect(find(shown, 'limits.bodyBytes')).toMatchObject({ value: 67_108_864, source: 'default' });
  expect(find(shown, 'store')).toMatchObject({
    kind: 'json',
    value: { days: 30, count: 10_000 },
    meaning: expect.stringMatching(
      /^`days`: Days .*\. `count`: How many responses and conversations are kept\.$/,
    ) as string,
  });
  expect(shown.places.map(({ name }) => name)).toEqual(['Config file', 'State folder', 'Codex’s own folder']);
});

it('no secret is shown or changed', async () => {
  const shown = await list();
  expect(find(shown, 'token')).toMatchObject({ value: null, is_set: true, source: 'file' });
  expect(find(shown, 'copilot.headers')).toMatchObject({ value: null, file_value: null, is_set: true });
  const text = JSON.stringify(shown);
  expect(text).not.toContain(TOKEN);
  expect(text).not.toContain('hidden-header');
  expect(await change('token', 'another-token-of-this-suite')).toMatchObject({ status: 400 });
  expect(readConfig()).toEqual(START);
});

it('a setting that could run a program or reach further files, and one that there is not, are not changed', async () => {
  for (const [key, value] of [
    ['codex', '/tmp/x'],
    ['tools.modules', ['/tmp/x.js']],
    ['tools.knowledge', ['/etc/*']],
    ['sessions.roots', ['/']],
    ['sessions.unsandboxed', true],
    ['unknown', 1],
  ] as const) {
    expect(await change(key, value)).toMatchObject({ status: 400 });
  }
  expect(readConfig()).toEqual(START);
});

it('a change is written, and holds after a restart', async () => {
  const changed = await change('deadlines.turn', 700);
  expect(find(changed, 'deadlines.turn')).toMatchObject({ value: 600, file_value: 700, needs_restart: true });
  expect(readConfig()).toEqual({ ...START, deadlines: { turn: 700 } });
  const removed = await change('deadlines.turn', null);
  expect(find(removed, 'deadlines.turn')).toMatchObject({
    value: 600,
    source: 'file',
    is_in_file: false,
    needs_restart: true,
  });
});

it('a setting of models holds at once', async () => {
  const changed = await change('verbosity', 'high');
  expect(find(changed, 'verbosity')).toMatchObject({ value: 'high', source: 'file', needs_restart: false });
  const removed = await change('verbosity', null);
  expect(find(removed, 'verbosity')).toMatchObject({ value: null, is_set: false, source: 'default' });
});

it.each([
  ['port', 70_000, "'port'"],
  ['logLevel', 'loud', "'logLevel'"],
  ['store', { days: -1 }, "'store.days'"],
  ['host', '0.0.0.0', 'is not a loopback address'],
  ['host', 'http://x', 'is neither an address nor a name'],
])(
  'the value of %s that a start would refuse, %j, is refused and not written',
  async (key, value, problem) => {
    const answer = await change(key, value);
    expect(answer.status).toBe(400);
    expect(answer.message).toContain(problem);
    expect(readConfig()).toEqual(START);
  },
);
