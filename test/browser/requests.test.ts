import { expect, it } from 'vitest';
import { openConsolePage, useBrowser } from '../support/console/console-page.ts';
import { useTestGateway } from '../support/use-test-gateway.ts';

const gateway = useTestGateway();
const browser = useBrowser();

const HELLO = { model: 'gpt-5.5', messages: [{ role: 'user', content: 'Hi' }] };

it('a request of a client appears on the page as it is made, with its model, key, result and tokens', async () => {
  const { page, errors } = await openConsolePage(browser, gateway, { place: 'requests' });
  await page.getByText('0 of 0 requests').waitFor();
  await gateway.post(HELLO, { headers: { 'user-agent': 'openai-python/1.2.3' } });
  const row = page.getByRole('row', { name: '/v1/chat/completions' });
  await row.getByText('200').waitFor();
  expect(await row.innerText()).toMatch(/gpt-5.5\s+main\s+openai-python/);
  expect(errors).toEqual([]);
});
