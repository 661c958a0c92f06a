import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGateway } from '../../src/app/compose.ts';
import { readSettings } from '../../src/app/config/config.ts';
import type { RunningGateway } from '../../src/app/running-gateway.ts';
import { meSchema, wayInSchema } from '../../src/console/contract/sign-in.ts';
import { userEnvironment } from '../support/command-line.ts';
import { createPageClient } from '../support/console/sign-in.ts';
import { createMemoryLog } from '../support/memory-log.ts';
import { runMain } from '../support/run-main.ts';
import { createFolder, temporaryFolder } from '../support/temporary-folder.ts';

const folder = createFolder();
const environment = userEnvironment(folder);
const log = createMemoryLog();
let gateway: RunningGateway;

beforeAll(async () => {
  writeFileSync(join(environment.HOME!, '.codex/config.toml'), '');
  const settings = await readSettings({ port: '0' }, environment);
  gateway = await startGateway({ settings, environment, observer: log, demo: true });
});
afterAll(async () => {
  await gateway.close(AbortSignal.abort());
  rmSync(folder, { recursive: true, force: true });
});

const open = async (...flags: string[]) => await runMain(['open', ...flags], environment);

/** Signs in with the link that the command prints. */
async function signIn(...flags: string[]) {
  const { printed } = await open(...flags);
  const [, origin, code] = /^(http:.*)\/#code=([\w-]+)$/.exec(printed)!;
  const page = createPageClient(origin!);
  const response = await page.signIn(code!);
  return { page, response, code: code! };
}

const whoIs = async ({ ask }: Pick<Awaited<ReturnType<typeof signIn>>['page'], 'ask'>) =>
  meSchema.parse(await (await ask('/console/me')).json());

describe('`open`', () => {
  it('prints a link to the running gateway and nothing else, and says beside it for how long it counts', async () => {
    const { code, printed, complained } = await open('--port', new URL(gateway.origin).port);
    expect(code).toBe(0);
    expect(printed).toMatch(new RegExp(`^${gateway.origin}/#code=[\\w-]{32}$`));
    expect(complained).toBe('Open this link in a browser. It signs one browser in, within 60 seconds.\n');
  });

  it('is named to those who are not signed in, as it is for this gateway', async () => {
    const answer = await (await fetch(`${gateway.origin}/console/way-in`)).json();
    expect(wayInSchema.strict().parse(answer)).toEqual({ open: 'codex-gateway open --demo', is_demo: true });
  });

  it('signs a browser in for the console and what is shown in it', async () => {
    const { page, response } = await signIn('--demo');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await whoIs(page)).toMatchObject({
      scopes: ['openai', 'sessions', 'tools', 'console'],
      read_only: false,
    });
    const models = await page.ask('/v1/models');
    expect([models.status, models.headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect((await page.ask('/metrics')).status).toBe(403);
  });

  it('signs it in for less, and to look only', async () => {
    const { page } = await signIn('--scope', 'openai', '--read-only');
    expect(await whoIs(page)).toMatchObject({ scopes: ['openai', 'console'], read_only: true });
    expect((await page.ask('/console/tokens')).status).toBe(200);
    const added = await page.ask('/console/tokens', { method: 'POST', body: { name: 'x' } });
    expect(await added.json()).toMatchObject({ error: { code: 'read_only' } });
  });

  it('signs it in under a name by which the log tells what it has changed', async () => {
    const { page } = await signIn();
    const { name } = await whoIs(page);
    expect((await page.ask('/console/tokens', { method: 'POST', body: { name: 'logged' } })).status).toBe(
      200,
    );
    expect((await page.ask('/console/tokens/logged', { method: 'DELETE' })).status).toBe(204);
    const lines = log.lines.filter((line) => line.includes('in the console'));
    const by = `"by":"${name}","name":"logged"}`;
    expect(lines).toEqual([
      expect.stringMatching(new RegExp(`^info a key was added in the console .*${by}$`)),
      expect.stringMatching(new RegExp(`^info a key was revoked in the console .*${by}$`)),
    ]);
    expect(log.lines).toContainEqual(expect.stringMatching(/^info a link was made .*"by":"main"}$/));
  });

  it('lets no browser that may only look open a WebSocket, over which models are asked', async () => {
    const { page } = await signIn('--read-only');
    expect(await (await page.ask('/v1/responses')).json()).toMatchObject({ error: { code: 'read_only' } });
  });

  it.each<[what: string, flags: string[], words: RegExp]>([
    ['an unknown scope', ['--scope', 'openay'], /There is no scope 'openay'.*Did you mean 'openai'/],
    ['no scope', ['--scope', ''], /--scope is empty/],
  ])('refuses %s', async (_, flags, words) => {
    const { code, printed, complained } = await open(...flags);
    expect({ code, printed }).toEqual({ code: 1, printed: '' });
    expect(complained).toMatch(words);
  });

  it('says how to start the gateway if none runs', async () => {
    const other = userEnvironment(temporaryFolder());
    expect((await runMain(['open'], other)).complained).toMatch(/No gateway is running\. Start it with `/);
    expect((await runMain(['open', '--demo'], other)).complained).toMatch(/No demo is running\..* --demo`/);
  });
});

describe('a sign-in', () => {
  it('takes the place of what the browser was before', async () => {
    const { page } = await signIn();
    const before = await whoIs(page);
    const code = (await open()).printed.split('=')[1]!;
    await page.signIn(code);
    const list = (await (await page.ask('/console/tokens')).json()) as { tokens: { name: string }[] };
    const names = list.tokens.map(({ name }) => name);
    expect(names).toContain((await whoIs(page)).name);
    expect(names).not.toContain(before.name);
  });

  it('is refused from another page, and the code still counts for the own one', async () => {
    const { printed } = await open();
    const code = printed.split('=')[1]!;
    const page = createPageClient(gateway.origin);
    const body = { code };
    for (const headers of [
      { 'sec-fetch-site': 'same-site' },
      { 'sec-fetch-site': 'cross-site' },
      { origin: 'http://localhost:3000' },
      { 'x-codex-gateway-console': '' },
    ]) {
      const answer = await page.ask('/console/sign-in', { method: 'POST', body, headers });
      expect(answer.status).toBe(403);
    }
    expect((await page.signIn(code)).status).toBe(200);
  });

  it('of somebody unknown is not read if it is large', async () => {
    const page = createPageClient(gateway.origin);
    expect((await page.signIn('x'.repeat(5_000))).status).toBe(413);
  });

  it('cannot be made by a browser that is signed in itself', async () => {
    const { page } = await signIn();
    expect((await page.ask('/console/codes', { method: 'POST', body: {} })).status).toBe(403);
  });

  it('is slowed down after 20 wrong codes, and a right one is not', async () => {
    const page = createPageClient(gateway.origin);
    const guesses = Array.from({ length: 30 }, async () => (await page.signIn('wrong')).status);
    expect(new Set(await Promise.all(guesses))).toEqual(new Set([401, 429]));
    expect((await signIn()).response.status).toBe(200);
  });
});
