import { expect, it } from 'vitest';
import { openConsolePage, useBrowser } from '../support/console/console-page.ts';
import { useTestGateway } from '../support/use-test-gateway.ts';

const gateway = useTestGateway();
const browser = useBrowser();

it('a client that is picked has its lines with the address of this gateway, and one click copies them', async () => {
  const permissions = ['clipboard-read', 'clipboard-write'];
  const { page, errors } = await openConsolePage(browser, gateway, { place: 'clients', permissions });
  await page.getByRole('link', { name: 'OpenAI for Python' }).click();
  const lines = page.getByLabel('lines for OpenAI for Python', { exact: true });
  await lines.waitFor();
  expect(await lines.innerText()).toContain(`base_url="${gateway.running.origin}/v1"`);
  await page.getByRole('button', { name: 'Copy lines for OpenAI for Python' }).click();
  await page.getByText('Copied', { exact: true }).first().waitFor();
  expect(await page.evaluate('navigator.clipboard.readText()')).toBe(await lines.innerText());
  expect(errors).toEqual([]);
});
