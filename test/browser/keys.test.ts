import { expect, it } from 'vitest';
import { revokeNamedToken } from '../../src/app/access/named-tokens.ts';
import { addTestToken } from '../support/add-token.ts';
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

  const closings = await page.getByRole('dialog').evaluateHandle((dialog) => {
    const seen: string[] = [];
    for (const type of ['cancel', 'close']) dialog.addEventListener(type, () => seen.push(type));
    return seen;
  });
  for (let press = 0; press < 3; press += 1) await page.keyboard.press('Escape');
  expect(await shown.isVisible()).toBe(true);
  expect(await closings.jsonValue()).toEqual([]);
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

it('on a narrow screen the buttons of each key and browser are in view', async () => {
  await addTestToken(gateway.stateDirectory, 'narrow');
  const { page } = await openConsolePage(browser, gateway, {
    place: 'keys',
    viewport: { width: 360, height: 740 },
  });
  for (const name of [/^Revoke narrow/, /^Sign out browser/]) {
    const place = await page.getByRole('button', { name }).first().boundingBox();
    expect(place!.x).toBeGreaterThan(0);
    expect(place!.x + place!.width).toBeLessThan(360);
  }
  await page.getByRole('region', { name: 'Keys' }).getByText('everything').waitFor();
  await revokeNamedToken(gateway.stateDirectory, 'narrow');
});

it('a browser that is signed out by another one sees it at once, and a read-only one changes nothing', async () => {
  const first = await openConsolePage(browser, gateway, { place: 'keys' });
  const second = await openConsolePage(browser, gateway, { grant: { read_only: true }, place: 'keys' });
  const { page } = second;
  await page.getByText('This browser is signed in to look only.').waitFor();
  expect(await page.getByRole('button', { name: /^(?:Add|Revoke)/ }).count()).toBe(0);
  const forced = await page.evaluate(async () => {
    const headers = {
      'x-codex-gateway-console': String(Object.values(localStorage)[0]),
      'content-type': 'application/json',
    };
    const init = { method: 'POST', headers, body: '{"name":"forced"}' };
    return await (await fetch('console/tokens', init)).text();
  });
  expect(forced).toContain('This browser is signed in to look only.');

  expect(await first.page.getByRole('row', { name: /this browser/ }).innerText()).toMatch(
    /^browser-[0-9a-f]{8}/,
  );
  const others = first.page.getByRole('region', { name: 'Browsers' }).getByRole('row', { name: /read only/ });
  await others.getByRole('button', { name: /^Sign out/ }).click();
  await first.page.getByRole('dialog').getByRole('button', { name: 'Sign out' }).click();
  await page.getByText('This browser was signed out.').waitFor();
  await others.waitFor({ state: 'detached' });
  expect(first.errors).toEqual([]);
});

it('a key that a command adds or revokes is shown at once', async () => {
  const { page } = await openConsolePage(browser, gateway, { place: 'keys' });
  const row = page.getByRole('row', { name: /^by-command/ });
  await page.getByRole('row', { name: /^main/ }).waitFor();
  await addTestToken(gateway.stateDirectory, 'by-command');
  await expect.poll(() => row.count()).toBe(1);
  await revokeNamedToken(gateway.stateDirectory, 'by-command');
  await expect.poll(() => row.count()).toBe(0);
});

it('a browser that may only look can sign out', async () => {
  const { page, context } = await openConsolePage(browser, gateway, { grant: { read_only: true } });
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'codex-gateway is up' }).waitFor();
  expect(await context.cookies()).toEqual([]);
});
