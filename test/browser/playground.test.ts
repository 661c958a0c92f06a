import { expect, it } from 'vitest';
import { openConsolePage, useBrowser } from '../support/console/console-page.ts';
import { sayByHand } from '../support/upstream-answers.ts';
import { useTestGateway } from '../support/use-test-gateway.ts';

const gateway = useTestGateway();
const browser = useBrowser();

it('an answer of the playground arrives piece by piece, as Markdown', async () => {
  const provider = sayByHand();
  gateway.upstream.use(provider.script);
  const { page, errors } = await openConsolePage(browser, gateway, { place: 'playground' });
  await page.getByLabel('Message').fill('Say hello.');
  await page.getByRole('button', { name: 'Send' }).click();
  provider.say('Hello, **Ada**');
  await page.locator('strong', { hasText: 'Ada' }).waitFor();
  provider.say('.\n\n- one\n- two\n');
  await page.getByRole('listitem').filter({ hasText: 'two' }).waitFor();
  provider.end();
  await page.getByRole('button', { name: 'Send' }).waitFor();
  expect(errors).toEqual([]);
});
