import { expect, it } from 'vitest';
import { openPlayground, useBrowser } from '../support/console/console-page.ts';
import { useTestGateway } from '../support/use-test-gateway.ts';

const gateway = useTestGateway({ demo: true });
const browser = useBrowser();

const PAGES = [
  'Overview',
  'Set up a client',
  'Models',
  'Playground',
  'Requests',
  'Sessions',
  'Keys',
  'Tools',
  'Settings',
];

it('the demo answers in the playground, and each of its pages opens', async () => {
  const { page, errors } = await openPlayground(browser, gateway);
  await page.getByRole('textbox', { name: 'Message' }).fill('Good morning, demo');
  await page.keyboard.press('Enter');
  await expect.poll(() => page.getByText('Good morning, demo').count()).toBeGreaterThan(1);
  for (const name of PAGES) {
    await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name }).click();
    await page.getByRole('heading', { level: 1, name }).waitFor();
    await expect.poll(() => page.getByText('Loading…').count()).toBe(0);
  }
  expect(errors).toEqual([]);
});
