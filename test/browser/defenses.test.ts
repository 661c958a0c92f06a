import { rmSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { NO_LIMITS } from '../../src/access/token-entry.ts';
import { addNamedToken, listTokens } from '../../src/app/access/named-tokens.ts';
import { openConsolePage, useBrowser } from '../support/console/console-page.ts';
import { startHostileServer } from '../support/console/hostile-server.ts';
import { createVisibleFolder } from '../support/temporary-folder.ts';
import { useTestGateway } from '../support/use-test-gateway.ts';

const root = createVisibleFolder();
afterAll(() => rmSync(root, { recursive: true, force: true }));

const gateway = useTestGateway({ config: { sessions: { roots: [root] } } });
const browser = useBrowser();

const countTokens = async () => (await listTokens(gateway.stateDirectory)).tokens.length;

/** Tries to change something with the cookie of the browser in every way that a page has; returns how each ended. */
async function forge(page: Page, target: string): Promise<Record<string, unknown>> {
  return await page.evaluate(async (origin) => {
    const path = `${origin}/console/tokens`;
    const body = '{"name":"forged"}';
    const send = async (init: RequestInit) =>
      await fetch(path, { method: 'POST', credentials: 'include', body, ...init }).then(
        ({ status, type }) => (type === 'opaque' ? 'not readable' : status),
        () => 'blocked',
      );
    const json = { 'content-type': 'application/json' };
    return {
      simple: await send({ headers: { 'content-type': 'text/plain' } }),
      unread: await send({ mode: 'no-cors', headers: { 'content-type': 'text/plain' } }),
      marked: await send({ headers: { ...json, 'x-codex-gateway-console': '1' } }),
      reading: await fetch(path, { credentials: 'include' }).then(
        ({ status }) => status,
        () => 'blocked',
      ),
    };
  }, target);
}

/** Sends a form to the gateway, which navigates the page there with the cookies of a click. */
async function submitForm(page: Page, action: string): Promise<string> {
  await page.setContent(
    `<form method="post" enctype="text/plain" action="${action}"><button>Send</button></form>`,
  );
  await page.getByRole('button').click();
  await page.waitForURL(action);
  return await page.locator('body').innerText();
}

describe('a page of another server', () => {
  it.each([
    ['on another port of the same host', '127.0.0.1'],
    ['of another host', 'localhost'],
  ])('%s changes nothing in the name of a browser that is signed in', async (_, host) => {
    const { context } = await openConsolePage(browser, gateway);
    const hostile = await startHostileServer();
    const page = await context.newPage();
    await page.goto(hostile.origin.replace('127.0.0.1', host));
    const before = await countTokens();
    const tried = await forge(page, gateway.running.origin);
    expect(tried).toEqual({
      simple: 'blocked',
      unread: 'blocked',
      marked: 'blocked',
      reading: 'blocked',
    });
    expect(await submitForm(page, `${gateway.running.origin}/console/tokens`)).toContain('API key');
    expect(await countTokens()).toBe(before);
  });

  it('shows the console in no frame, and no window that it opens tells it anything', async () => {
    const { context } = await openConsolePage(browser, gateway);
    const hostile = await startHostileServer();
    hostile.show(`<!doctype html><iframe src="${gateway.running.origin}/"></iframe>`);
    const page = await context.newPage();
    await page.goto(hostile.origin);
    const frame = page.frames()[1]!;
    await expect.poll(() => frame.url()).toBe('chrome-error://chromewebdata/');
    const opened = page.waitForEvent('popup');
    await page.evaluate(`void (globalThis.other = open('${gateway.running.origin}'))`);
    await (await opened).getByRole('navigation').waitFor();
    expect(await page.evaluate('other.closed')).toBe(true);
  });
});

it('a server on another port gets the cookie, and cannot use it', async () => {
  const { context } = await openConsolePage(browser, gateway);
  const hostile = await startHostileServer();
  const page = await context.newPage();
  await page.goto(hostile.origin);
  const { cookie } = hostile.seen[0]!.headers;
  expect(cookie).toContain('codex-gateway-');
  for (const key of ['1', 'none', 'a'.repeat(32)]) {
    const { status } = await fetch(`${gateway.running.origin}/console/me`, {
      headers: { cookie: cookie!, 'x-codex-gateway-console': key },
    });
    expect(status).toBe(401);
  }
  expect(await page.evaluate(() => localStorage.length)).toBe(0);
});

it('the key that the page keeps opens nothing without the cookie', async () => {
  const { page } = await openConsolePage(browser, gateway);
  const kept = await page.evaluate(() => Object.values(localStorage) as string[]);
  expect(kept).toHaveLength(1);
  for (const headers of [
    { authorization: `Bearer ${kept[0]}` },
    { 'x-api-key': kept[0]! },
    { 'x-codex-gateway-console': kept[0]! },
  ]) {
    expect((await fetch(`${gateway.running.origin}/console/me`, { headers })).status).toBe(401);
  }
});

/** Scripts that would do what the policy of the page forbids. */
const FORBIDDEN: Readonly<Record<string, string>> = {
  'an inline script': `add('script', { textContent: 'ran = 1' })`,
  'a script of another host': `add('script', { src: 'http://localhost:1/x.js' })`,
  'a handler in markup': `document.body.insertAdjacentHTML('beforeend', '<img src="x" onerror="ran = 1">')`,
  'text as code': `setTimeout(() => eval('ran = 1'))`,
  'a request to another host': `fetch('http://localhost:1/').then(() => (ran = 1))`,
  'a picture of another host': `add('img', { src: 'http://localhost:1/x.png' })`,
  'a form that sends to another host': `add('form', { action: 'http://localhost:1/' }).submit()`,
  'a frame': `add('iframe', { src: '/healthz' })`,
};

it('a link into the console asks for nothing but what its page shows', async () => {
  const { page } = await openConsolePage(browser, gateway);
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await page.goto(`${gateway.running.origin}/#/sessions/..%2F..%2Fauth%2Fdevice`);
  await page.getByText('There is no such page.').first().waitFor();
  expect(asked).not.toContain('/auth/device');
  // One that nobody can decode.
  await page.goto(`${gateway.running.origin}/#/sessions/%`);
  await page.reload();
  await page.getByRole('navigation', { name: 'Pages' }).waitFor();
});

it('the policy of the page refuses what would run or leave', async () => {
  const { page } = await openConsolePage(browser, gateway);
  await page.evaluate(`
    globalThis.refused = 0;
    addEventListener('securitypolicyviolation', () => (refused += 1));
    globalThis.add = (name, fields) => {
      const element = Object.assign(document.createElement(name), fields);
      document.body.append(element);
      return element;
    };
  `);
  for (const [what, script] of Object.entries(FORBIDDEN)) {
    await page.evaluate('globalThis.refused = 0');
    await page.evaluate(`(() => { ${script} })()`).catch(() => {});
    await expect.poll(() => page.evaluate('refused > 0'), { message: what }).toBe(true);
  }
  expect(await page.evaluate(`'ran' in globalThis`)).toBe(false);
  expect(page.url()).toContain(gateway.running.origin);
});

it('a name, a header and an error with markup are shown as text', async () => {
  const markup = '<img src=x onerror="globalThis.ran=1"><script>globalThis.ran=1</script>';
  const key = await addNamedToken(gateway.stateDirectory, {
    name: 'marked',
    scopes: ['openai'],
    expires: null,
    limits: NO_LIMITS,
  });
  const headers = { authorization: `Bearer ${key}`, 'user-agent': markup };
  await (await fetch(`${gateway.running.origin}/v1/models`, { headers })).text();
  const { page, errors } = await openConsolePage(browser, gateway, { place: 'keys' });
  const row = page.getByRole('region', { name: 'Keys' }).getByRole('row', { name: /^marked/ });
  await row.waitFor();
  await expect.poll(() => row.innerText()).toContain('<img');
  await page.getByRole('button', { name: 'Add a key' }).click();
  const name = page.getByLabel('Name');
  await name.fill(markup.slice(0, 60));
  // The form itself would not send such a name.
  await page.evaluate(`document.querySelector('form').noValidate = true`);
  await page.getByRole('button', { name: 'Add the key' }).click();
  const problem = page.getByRole('dialog').getByRole('alert');
  await problem.waitFor();
  expect(await problem.innerText()).toContain("The name '<img src=x");
  expect(await page.evaluate(() => 'ran' in globalThis)).toBe(false);
  expect(errors.filter((text) => !text.includes('status of 400'))).toEqual([]);
});
