import { expect, it } from 'vitest';
import { openConsolePage, useBrowser } from '../support/console/console-page.ts';
import { shareCopilotGateway } from '../support/copilot/copilot-fakes.ts';
import { say } from '../support/upstream.ts';

const gateway = shareCopilotGateway({
  isSignedIn: false,
  environment: { GH_COPILOT_TOKEN: 'ghu_token-of-this-suite' },
});
const browser = useBrowser();

const HELLO = { model: 'gpt-5.5', messages: [{ role: 'user', content: 'Hi' }] };

it('the overview says that the gateway is up, counts requests as they end, and draws and lists them', async () => {
  const { page, errors } = await openConsolePage(browser, gateway);
  await page.getByText('0 requests, 0 errors').waitFor();
  await page.getByText('running', { exact: true }).waitFor();
  await page.getByText(/checks (pass|have)/).waitFor();
  await gateway.post(HELLO);
  await page.getByText('1 request, 0 errors').waitFor();
  await page.getByRole('img', { name: 'Requests: 1 request, 0 errors' }).locator('canvas').waitFor();
  await page.locator('.stat', { hasText: /^1\s*request in the last hour/ }).waitFor();

  await page.getByRole('button', { name: 'First token as a table' }).click();
  const row = page.getByRole('region', { name: 'First token, table' }).getByRole('row').nth(1);
  expect(await row.innerText()).toMatch(/\d+ ms|\d s/);
  await page.getByRole('tab', { name: 'Last day' }).click();
  await page.getByText('1 request, 0 errors').waitFor();
  expect(errors).toEqual([]);
});

it('the overview shows each limit that the provider reports, and the quota of Copilot, as a bar with its reset', async () => {
  const now = Math.floor(Date.now() / 1000);
  gateway.upstream.use((request, response) => {
    response.setHeader('x-codex-primary-used-percent', '34');
    response.setHeader('x-codex-primary-window-minutes', '300');
    response.setHeader('x-codex-primary-reset-at', String(now + 7_300));
    response.setHeader('x-codex-secondary-used-percent', '93');
    response.setHeader('x-codex-secondary-window-minutes', '10080');
    response.setHeader('x-codex-secondary-reset-at', String(now + 300_000));
    return say('Hello.')(request, response);
  });
  const { page, errors } = await openConsolePage(browser, gateway);
  // The answers of the test before had none.
  await page.getByText('The answers of the provider name no limits.').waitFor();
  await gateway.post(HELLO);
  const account = page.getByRole('region', { name: 'Account' });
  const bar = (name: string) => account.getByRole('meter', { name, exact: true });
  await bar('Limit of 5 hours: used').waitFor();
  expect(await bar('Limit of 5 hours: used').getAttribute('value')).toBe('34');
  expect(await bar('Limit of a week: used').getAttribute('value')).toBe('93');
  expect(await account.getByText('93 % used').isVisible()).toBe(true);
  expect(await account.getByText(/^Resets /).count()).toBe(2);

  await account
    .getByText('mona', { exact: true })
    .or(account.getByText(/^mona /))
    .first()
    .waitFor();
  expect(await bar('Copilot, premium interactions: used').getAttribute('value')).toBe('60');
  expect(await account.getByText('120 of 300 left. Resets on 2030-01-01').isVisible()).toBe(true);
  expect(await account.getByText('Copilot without a limit: chat').isVisible()).toBe(true);
  expect(errors).toEqual([]);
});
