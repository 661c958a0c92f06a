import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openBlank, openConsolePage, useBrowser } from '../support/console/console-page.ts';
import { startFilledGateway, type FilledGateway } from '../support/console/fill-console.ts';
import { scenesOf } from '../support/console/scenes.ts';

let filled: FilledGateway;
beforeAll(async () => {
  filled = await startFilledGateway();
});
afterAll(() => filled.close());
const browser = useBrowser();

const NARROW = { width: 360, height: 740 };
const WIDE = { width: 1440, height: 900 };

/** Returns what axe finds in both looks: the rule, and the place. The second look differs in its colors alone. */
async function faultsOf(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const found = async (options: axe.RunOptions) => {
    const { violations } = await page.evaluate<axe.AxeResults>(
      `axe.run(document, ${JSON.stringify(options)})`,
    );
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, any }) => `${id}: ${html.slice(0, 200)} ${any[0]?.message ?? ''}`),
    );
  };
  await page.emulateMedia({ colorScheme: 'light' });
  const light = await found({});
  await page.emulateMedia({ colorScheme: 'dark' });
  const dark = await found({ runOnly: ['color-contrast'] });
  return [...light, ...dark.map((fault) => `dark: ${fault}`)];
}

/** Returns the pixels by which the page is wider than the window. */
async function overflowOf(page: Page): Promise<number> {
  return await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
}

it.each([
  ['wide', WIDE],
  ['narrow', NARROW],
])(
  'axe finds nothing on any page in a %s window, in either look, and no page is wider than the window',
  async (_, viewport) => {
    const { page, errors } = await openConsolePage(browser, filled.gateway, {
      viewport,
      reducedMotion: 'reduce',
    });
    const faults: string[] = [];
    for (const { name, place, show } of scenesOf(filled)) {
      await page.goto(`${filled.gateway.running.origin}/#/${place}`);
      await page.reload();
      await show(page);
      const overflow = await overflowOf(page);
      if (overflow > 0) faults.push(`${name}: ${overflow} pixels wider than the window`);
      faults.push(...(await faultsOf(page)).map((fault) => `${name}: ${fault}`));
    }
    expect(faults).toEqual([]);
    expect(errors).toEqual([]);
  },
);

it('axe finds nothing in what a browser sees that is signed out', async () => {
  const { page } = await openBlank(browser, { viewport: NARROW, reducedMotion: 'reduce' });
  await page.goto(filled.gateway.running.origin);
  await page.getByRole('heading', { name: 'codex-gateway is up' }).waitFor();
  expect(await overflowOf(page)).toBe(0);
  expect(await faultsOf(page)).toEqual([]);
});

it('on a narrow screen a menu leads to all pages by the keyboard, and Escape closes it', async () => {
  const { page } = await openConsolePage(browser, filled.gateway, {
    viewport: NARROW,
    reducedMotion: 'reduce',
  });
  const menu = page.getByRole('button', { name: 'All pages, now at' });
  await menu.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name: 'Settings' }).waitFor();
  expect(await faultsOf(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await page.getByRole('link', { name: 'Settings' }).waitFor({ state: 'hidden' });
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'Set up a client' }).waitFor();
  expect(await page.evaluate('document.activeElement.id')).toBe('main');
  expect(await page.title()).toBe('Set up a client · codex-gateway');
});
