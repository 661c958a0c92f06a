import { expect, it } from 'vitest';
import { openConsolePage, useBrowser } from '../support/console/console-page.ts';
import { useTestGateway } from '../support/use-test-gateway.ts';

const gateway = useTestGateway();
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
