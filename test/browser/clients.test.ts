import { expect, it } from 'vitest';
import { clientsSchema, trialSchema } from '../../src/console/contract/clients.ts';
import { openConsolePage, useBrowser } from '../support/console/console-page.ts';
import { say } from '../support/upstream.ts';
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

it('a key that is made for a client is filled in into its lines, and the test sends it as the client would', async () => {
  const { page, errors } = await openConsolePage(browser, gateway, { place: 'clients/azure' });
  await page.getByRole('button', { name: 'Make a key for it' }).click();
  await page.getByText('The key “azure” is filled in below.').waitFor();
  const text = await page.getByLabel('lines for OpenAI for Azure', { exact: true }).innerText();
  const [, key] = /apiKey: "([^"]+)"/.exec(text)!;
  expect(key).toMatch(/^codex-gateway-local-/);
  gateway.upstream.use(say('It <b>works</b>.'));
  await page.getByRole('button', { name: 'Test it' }).click();
  await page.getByText('It <b>works</b>.').waitFor();
  await page.getByText('the new key', { exact: true }).waitFor();
  expect(gateway.log.lines.join('\n')).toContain('AzureOpenAI/JS');
  const { tokens } = (await (await gateway.fetch('/console/tokens')).json()) as {
    tokens: { name: string; scopes: string[]; last_used: number | null }[];
  };
  expect(tokens.find(({ name }) => name === 'azure')).toMatchObject({ scopes: ['openai'] });

  await page.getByRole('link', { name: 'curl' }).click();
  await page.getByLabel('Name of a key for curl').fill('azure');
  await page.getByRole('button', { name: 'Make a key for it' }).click();
  await page.getByText("There is a token 'azure' already").waitFor();
  await page.getByRole('link', { name: 'OpenAI for Azure' }).click();
  expect(await page.getByLabel('lines for OpenAI for Azure', { exact: true }).innerText()).toContain(key);
  await page.reload();
  await page.getByText('YOUR-KEY').first().waitFor();
  expect(await page.content()).not.toContain(key);
  expect(errors.filter((error) => !error.includes('409 (Conflict)'))).toEqual([]);
});

it('a test that fails says why in the words of the gateway, and a browser that may only look sends none', async () => {
  gateway.upstream.use((_request, response) => {
    response.writeHead(400, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ error: { message: 'The cat is out.', type: 'invalid_request_error' } }));
  });
  const { page } = await openConsolePage(browser, gateway, { place: 'clients/codex' });
  await page.getByRole('button', { name: 'Test it' }).click();
  await page.getByText('It fails').waitFor();
  expect(await page.getByRole('alert').innerText()).toContain('The cat is out.');

  const reader = await openConsolePage(browser, gateway, {
    grant: { read_only: true },
    place: 'clients/codex',
  });
  await reader.page.getByText('This browser is signed in to look only and sends no requests.').waitFor();
  expect(await reader.page.getByRole('button', { name: 'Make a key for it' }).count()).toBe(0);
});

it('the answers to the page have the form that it reads', async () => {
  gateway.upstream.use(say('Hello.'));
  const { origin } = gateway.running;
  const list = await gateway.fetch(`/console/clients?origin=${encodeURIComponent(origin)}&model=m%22x`);
  const { clients } = clientsSchema.parse(await list.json());
  expect(clients.find(({ id }) => id === 'python')?.text).toContain(String.raw`model="m\"x"`);
  const bad = await gateway.fetch('/console/clients?origin=http%3A%2F%2Fa%22%0A');
  expect([bad.status, await bad.text()]).toEqual([400, expect.stringContaining('origin')]);
  const send = async (client: string) => {
    const body = JSON.stringify({ client, model: 'gpt-5.5' });
    return await gateway.fetch('/console/clients/trial', { method: 'POST', body });
  };
  const trial = await send('cursor');
  expect(trialSchema.parse(await trial.json())).toMatchObject({ status: 200, text: 'Hello.', error: null });
  expect((await send('emacs')).status).toBe(400);
});
