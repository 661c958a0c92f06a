import { expect, it } from 'vitest';
import { makeCode, openBlank, openConsolePage, useBrowser } from '../support/console/console-page.ts';
import { useTestGateway } from '../support/use-test-gateway.ts';

const gateway = useTestGateway();
const browser = useBrowser();

it('a browser that is not signed in sees in two lines that the API is up and how to get in', async () => {
  const { page } = await openBlank(browser);
  await page.goto(gateway.running.origin);
  await page.getByRole('heading', { name: 'codex-gateway is up' }).waitFor();
  expect(await page.locator('main p').allInnerTexts()).toEqual([
    `The API answers at ${gateway.running.origin}/v1.`,
    'To open the console, run codex-gateway open in a terminal.',
  ]);
});

it('the link of `open` signs a browser in, which stays so, and its code is gone from the address', async () => {
  const { page, context, errors } = await openConsolePage(browser, gateway);
  await page.getByText('Default model').waitFor();
  expect(page.url()).toBe(`${gateway.running.origin}/`);
  await page.reload();
  await page.getByText('Default model').waitFor();
  const [cookie] = await context.cookies();
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict', path: '/' });
  expect(errors).toEqual([]);
});

it('a link that is pasted into an open tab signs it in and leaves its history, and the other tabs notice', async () => {
  const { page, context, errors } = await openBlank(browser);
  const tab = await context.newPage();
  for (const each of [page, tab]) {
    await each.goto(`${gateway.running.origin}/`);
    await each.getByRole('heading', { name: 'codex-gateway is up' }).waitFor();
  }
  await page.goto(`${gateway.running.origin}/#code=${await makeCode(gateway)}`);
  await page.getByRole('navigation').waitFor();
  await tab.getByRole('navigation').waitFor();
  expect(page.url()).toBe(`${gateway.running.origin}/`);

  await page.getByRole('link', { name: 'Keys' }).click();
  await page.getByRole('row', { name: /^main/ }).waitFor();
  await page.goto(`${gateway.running.origin}/#code=used-already`);
  await page.getByText('This browser is signed in as before.').waitFor();
  expect(page.url()).toBe(`${gateway.running.origin}/#/keys`);
  await page.goBack();
  await page.goBack();
  expect(page.url()).toBe(`${gateway.running.origin}/`);
  // What the browser itself writes about the answers to one that is not signed in.
  expect(errors.filter((error) => !error.startsWith('Failed to load resource'))).toEqual([]);
});

it('a link counts once', async () => {
  const code = await makeCode(gateway);
  const first = await openBlank(browser);
  await first.page.goto(`${gateway.running.origin}/#code=${code}`);
  await first.page.getByRole('navigation').waitFor();
  const second = await openBlank(browser);
  await second.page.goto(`${gateway.running.origin}/#code=${code}`);
  const alert = second.page.getByRole('alert');
  await alert.waitFor();
  expect(await alert.innerText()).toContain('This link was used before, or is older than a minute.');
});
