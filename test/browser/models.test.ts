import { expect, it } from 'vitest';
import { openConsolePage, useBrowser } from '../support/console/console-page.ts';
import { useTestGateway } from '../support/use-test-gateway.ts';

const gateway = useTestGateway({
  config: { models: [{ id: 'deep', model: 'gpt-5.5', reasoningEffort: 'high' }] },
  codexConfig: (url) => `openai_base_url = "${url}"
`,
});
const browser = useBrowser();

it('the page shows each model with its context, efforts, input and target, and hidden ones on demand', async () => {
  const { page, errors } = await openConsolePage(browser, gateway, { place: 'models' });
  const row = page.getByRole('row', { name: /^deep / });
  await row.waitFor();
  const text = await row.innerText();
  expect(text).toContain('alias of gpt-5.5');
  expect(text).toContain('272,000 tokens');
  expect(text).toContain('high unless a request names another');
  expect(text).toContain('text, image');
  await page.getByRole('checkbox', { name: /hidden model/ }).check();
  await page.getByText('hidden', { exact: true }).first().waitFor();
  expect(errors).toEqual([]);
});
