import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { openConsolePage, useBrowser } from '../support/console/console-page.ts';
import { useTestGateway } from '../support/use-test-gateway.ts';

const CONFIG = { models: [{ id: 'deep', model: 'gpt-5.5', reasoningEffort: 'high' }] };

const gateway = useTestGateway({ config: CONFIG, codexConfig: (url) => `openai_base_url = "${url}"\n` });
const browser = useBrowser();

const configPath = () => join(dirname(gateway.codexHome), 'config.json');

const readModels = () =>
  (JSON.parse(readFileSync(configPath(), 'utf8')) as { readonly models: readonly unknown[] }).models;

let text = '';

beforeEach(() => {
  text ||= readFileSync(configPath(), 'utf8');
  writeFileSync(configPath(), text);
});

it('the page shows each model with its context, efforts, input and target, and hidden ones on demand', async () => {
  const { page, errors } = await openConsolePage(browser, gateway, { place: 'models' });
  const table = page.getByRole('region', { name: 'Models', exact: true });
  const row = table.getByRole('row', { name: /^deep / });
  await row.waitFor();
  const shown = await row.innerText();
  expect(shown).toContain('alias of gpt-5.5');
  expect(shown).toContain('272,000 tokens');
  expect(shown).toContain('high unless a request names another');
  expect(shown).toContain('text, image');
  await page.getByRole('checkbox', { name: /hidden model/ }).check();
  await page.getByText('hidden', { exact: true }).first().waitFor();
  expect(errors).toEqual([]);
});

it('on a narrow screen the buttons of each alias are in view', async () => {
  const { page } = await openConsolePage(browser, gateway, {
    place: 'models',
    viewport: { width: 360, height: 740 },
  });
  for (const name of ['Change deep', 'Remove deep']) {
    const place = await page.getByRole('button', { name }).boundingBox();
    expect(place!.x).toBeGreaterThan(0);
    expect(place!.x + place!.width).toBeLessThan(360);
  }
});

it('an alias is added, changed and removed, and holds at once', async () => {
  const { page, errors } = await openConsolePage(browser, gateway, { place: 'models' });
  const own = page.getByRole('region', { name: 'Aliases and presets' }).locator('table');
  await page.getByRole('button', { name: 'Add a model' }).click();
  const form = page.getByRole('dialog', { name: 'Add a model' });
  await form.getByLabel(/^Id/).fill('pirate');
  await form.getByLabel(/^Model/).fill('gpt-5.5');
  await form.getByLabel(/^Reasoning effort/).selectOption('low');
  await form.getByLabel(/^System/).fill('Answer as <b>pirates</b> would.');
  await form.getByRole('button', { name: 'Save' }).click();
  await page.getByText('pirate is saved.').waitFor();
  const row = own.getByRole('row', { name: /^pirate / });
  expect(await row.innerText()).toContain('Answer as <b>pirates</b> would.');
  expect(await row.innerText()).toContain('in force');
  expect(readModels()).toEqual([
    ...CONFIG.models,
    { id: 'pirate', model: 'gpt-5.5', reasoningEffort: 'low', system: 'Answer as <b>pirates</b> would.' },
  ]);

  await page.getByRole('button', { name: 'Change pirate' }).click();
  const change = page.getByRole('dialog', { name: 'Change pirate' });
  await change.getByLabel(/^Id/).fill('deep');
  await change.getByRole('button', { name: 'Save' }).click();
  expect(await change.getByRole('alert').innerText()).toContain("two entries have the id 'deep'");
  await change.getByLabel(/^Id/).fill('sailor');
  await change.getByRole('button', { name: 'Save' }).click();
  await page.getByText('sailor is saved.').waitFor();

  await page.getByRole('button', { name: 'Remove sailor' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await page.getByText('sailor is removed.').waitFor();
  expect(readModels()).toEqual(CONFIG.models);
  // The browser itself reports the refusal.
  expect(errors.filter((error) => !error.includes('400'))).toEqual([]);
});

it('a file that was changed elsewhere is not overwritten, and the next attempt is about what it is then', async () => {
  const { page } = await openConsolePage(browser, gateway, { place: 'models' });
  await page.getByRole('button', { name: 'Change deep' }).click();
  const other = { id: 'other', model: 'gpt-5.5' };
  const changed = text.replace('"reasoningEffort":"high"', '"reasoningEffort":"high","verbosity":"low"');
  writeFileSync(configPath(), changed.replace('"models":[', `"models":[${JSON.stringify(other)},`));
  const form = page.getByRole('dialog');
  await form.getByLabel(/^Reasoning effort/).selectOption('low');
  await form.getByRole('button', { name: 'Save' }).click();
  await form.getByText(/has changed since this page read it/).waitFor();
  await form.getByText('meanwhile, to verbosity: low. Saving replaces that.').waitFor();
  expect(readModels()).toEqual([other, { ...CONFIG.models[0], verbosity: 'low' }]);
  await form.getByRole('button', { name: 'Save' }).click();
  await page.getByText('deep is saved.').waitFor();
  expect(readModels()).toEqual([other, { ...CONFIG.models[0], reasoningEffort: 'low' }]);
});

it('a browser that is signed in to look only sees the models and no way to change them', async () => {
  const { page } = await openConsolePage(browser, gateway, { place: 'models', grant: { read_only: true } });
  await page.getByText('This browser is signed in to look only.').waitFor();
  expect(await page.getByRole('button', { name: /Add|Change|Remove/ }).count()).toBe(0);
});
