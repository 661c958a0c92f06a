import { expect, it } from 'vitest';
import { openConsolePage, useBrowser } from '../support/console/console-page.ts';
import { useTestGateway } from '../support/use-test-gateway.ts';

const gateway = useTestGateway();
const browser = useBrowser();

/** Returns the status of a request with a key. */
async function useKey(key: string): Promise<number> {
  const { status } = await fetch(`${gateway.running.origin}/v1/models`, {
    headers: { authorization: `Bearer ${key}` },
  });
  return status;
}

it('a key that is added is shown once, works at once, and no longer once it is revoked', async () => {
  const { page, errors } = await openConsolePage(browser, gateway, { place: 'keys' });
  const keys = page.getByRole('region', { name: 'Keys' });
  await keys.getByRole('row', { name: /^main/ }).waitFor();

  await page.getByRole('button', { name: 'Add a key' }).click();
  await page.getByLabel('Name').fill('laptop');
  await page.getByLabel('Turns at once').fill('2');
  await page.getByRole('button', { name: 'Add the key' }).click();
  const shown = page.getByLabel('the key', { exact: true });
  const key = await shown.innerText();
  expect(await useKey(key)).toBe(200);

  await page.getByRole('button', { name: 'Done' }).click();
  const row = keys.getByRole('row', { name: /^laptop/ });
  expect(await row.innerText()).toContain('2 turns at once');
  await page.reload();
  await row.waitFor();
  expect(await page.content()).not.toContain(key);

  await row.getByRole('button', { name: 'Revoke laptop' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
  await row.waitFor({ state: 'detached' });
  expect(await useKey(key)).toBe(401);
  expect(errors).toEqual([]);
});
