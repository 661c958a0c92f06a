import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { openConsolePage, useBrowser } from '../support/console/console-page.ts';
import { TOKEN } from '../support/gateway.ts';
import { useTestGateway } from '../support/use-test-gateway.ts';

const gateway = useTestGateway({
  config: { deadlines: { turn: 600 }, sessions: { maxQueuedTurns: 9 } },
  environment: { CODEX_MAX_QUEUED_TURNS: '7' },
});
const browser = useBrowser();

/** The row of a setting. */
const rowIn = (page: Page, key: string) =>
  page.getByRole('listitem').filter({ has: page.getByText(key, { exact: true }) });

const readConfig = () =>
  JSON.parse(readFileSync(join(dirname(gateway.codexHome), 'config.json'), 'utf8')) as object;

it('each setting is shown with its value and source, a secret without its value', async () => {
  const { page, errors } = await openConsolePage(browser, gateway, { place: 'settings' });
  const rowOf = (key: string) => rowIn(page, key);
  await rowOf('deadlines.turn').waitFor();
  expect(await rowOf('deadlines.turn').innerText()).toMatch(/config file[\s\S]*600/);
  expect(await rowOf('deadlines.idle').innerText()).toMatch(/default[\s\S]*300/);
  expect(await rowOf('sessions.maxQueuedTurns').innerText()).toMatch(
    /CODEX_MAX_QUEUED_TURNS[\s\S]*7[\s\S]*The config file says 9; CODEX_MAX_QUEUED_TURNS comes before it\./,
  );
  expect(await rowOf('token').innerText()).toContain('set, and not shown');
  expect(await page.content()).not.toContain(TOKEN);
  expect(await page.getByRole('button', { name: 'Change codex', exact: true }).count()).toBe(0);
  await page.getByRole('checkbox', { name: 'Only those that are not the default' }).check();
  await page.getByRole('searchbox', { name: 'Search' }).fill('queued');
  expect(await page.getByRole('status').filter({ hasText: 'settings' }).innerText()).toMatch(
    /^1 of \d+ settings$/,
  );
  expect(errors).toEqual([]);
});

it('a setting is changed in the config file, says that it needs a restart, and is taken out again', async () => {
  const { page, errors } = await openConsolePage(browser, gateway, { place: 'settings' });
  await page.getByRole('searchbox', { name: 'Search' }).fill('deadlines.turn');
  await page.getByRole('button', { name: 'Change deadlines.turn' }).click();
  const form = page.getByRole('dialog', { name: 'Change deadlines.turn' });
  const value = form.getByLabel(/^Value/);
  expect(await value.inputValue()).toBe('600');
  await value.fill('-1');
  await form.getByRole('button', { name: 'Save' }).click();
  await form.getByText(/'deadlines.turn'/).waitFor();
  await value.fill('700');
  await form.getByRole('button', { name: 'Save' }).click();
  await page.getByText('deadlines.turn is saved.').waitFor();
  expect(readConfig()).toMatchObject({ deadlines: { turn: 700 } });
  expect(await rowIn(page, 'deadlines.turn').innerText()).toMatch(/600[\s\S]*after a restart 700/);
  await page.getByText(/hold after a restart: stop the gateway with Ctrl-C/).waitFor();

  await page.getByRole('button', { name: 'Change deadlines.turn' }).click();
  await form.getByRole('button', { name: 'Take it out of the file' }).click();
  await page.getByText('deadlines.turn is taken out of the config file.').waitFor();
  expect(readConfig()).toMatchObject({ deadlines: {}, token: TOKEN });
  expect(errors.filter((error) => !error.includes('400'))).toEqual([]);
});
