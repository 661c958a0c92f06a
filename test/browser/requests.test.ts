import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { json } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { requestDetailSchema, requestPageSchema } from '../../src/console/contract/requests.ts';
import { addedTokenSchema } from '../../src/console/contract/tokens.ts';
import { openConsolePage, openPlayground, useBrowser } from '../support/console/console-page.ts';
import { TOKEN } from '../support/gateway.ts';
import { useTestGateway } from '../support/use-test-gateway.ts';

const gateway = useTestGateway({ config: { requestLog: { bodies: true } } });
const browser = useBrowser();

const HELLO = { model: 'gpt-5.5', messages: [{ role: 'user', content: 'Hi' }] };
const PYTHON = { headers: { 'user-agent': 'openai-python/1.2.3' } };

const read = async (path: string): Promise<unknown> => await (await gateway.fetch(path)).json();

it('a request of a client appears as it is made, and opens to its timeline; one that fails says what to do', async () => {
  const { page, errors } = await openConsolePage(browser, gateway, { place: 'requests' });
  await page.getByText('0 of 0 requests').waitFor();
  await gateway.post(HELLO, PYTHON);
  const row = page.getByRole('row', { name: '/v1/chat/completions' });
  await row.getByText('200').waitFor();
  expect(await row.innerText()).toMatch(/200\s+gpt-5.5\s+main\s+openai-python/);
  await row.getByRole('button').click();
  const steps = page.getByRole('list', { name: 'Timeline' }).getByRole('listitem');
  await expect.poll(() => steps.allInnerTexts()).toHaveLength(7);
  expect((await steps.allInnerTexts()).join('\n')).toMatch(
    /The request arrived(?:.|\n)+The key main was recognized(?:.|\n)+The first output came(?:.|\n)+The answer was complete/,
  );

  await page.getByText('are held in memory and shown here').waitFor();
  await page.getByText('Body of the request').click();
  await page.getByText('"content":"Hi"').waitFor();
  await page.getByText('Body of the answer').click();
  await page.getByText('"content":"Hello."').waitFor();

  await gateway.post({ ...HELLO, model: 'nonsense' });
  await page.getByText('404 model_not_found').waitFor();
  await page.getByRole('cell', { name: 'nonsense' }).waitFor();
  await page.getByLabel('Show').selectOption('Failed');
  await page.getByText('1 of 2 requests').waitFor();
  await page.reload();
  await page.getByText('1 of 2 requests').waitFor();
  const failed = page.getByRole('row', { name: '/v1/chat/completions' });
  await failed.getByRole('button').focus();
  await page.keyboard.press('Enter');
  await page.getByText('What to do: Choose a model of the page Models').waitFor();
  await page.getByLabel('Show').selectOption('All');
  await page.getByLabel('Search').fill('python');
  await page.getByText('1 of 2 requests').waitFor();

  const list = requestPageSchema.parse(await read('/console/requests?limit=1'));
  expect(list).toMatchObject({ matching: 2, requests: [{ outcome: 'model_not_found' }] });
  requestDetailSchema.parse(await read(`/console/requests/${list.requests[0]?.number}`));
  expect(await gateway.fetch('/console/requests?limit=x')).toMatchObject({ status: 400 });
  expect(await gateway.fetch('/console/requests/99')).toMatchObject({ status: 404 });
  expect(errors).toEqual([]);
});

it('a path, a header and a model that are HTML are shown as the text that they are', async () => {
  const { page, errors } = await openConsolePage(browser, gateway, { place: 'requests' });
  const html = '<img/src=x/onerror=alert(1)>';
  await gateway.post({ ...HELLO, model: html }, { headers: { 'user-agent': html } });
  await gateway.fetch(`/v1/${html}`);
  const row = page.getByRole('row', { name: '/v1/%3Cimg' }).or(page.getByRole('row', { name: '/v1/<img' }));
  await row.first().getByRole('button').click();
  await page.getByText('What to do: The base URL is right').waitFor();
  await page.getByRole('row', { name: 'model_not_found' }).first().getByRole('button').click();
  await page.getByText('Body of the request').click();
  await page.getByText(`"model":"${html}"`).waitFor();
  expect(await page.locator('main img').count()).toBe(0);
  expect(errors).toEqual([]);
});

it('result and model are seen on a phone, no column is cut off, and what the page asks itself is not listed', async () => {
  const { page, errors } = await openPlayground(browser, gateway);
  await page.getByLabel('Message').fill('Hi');
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await page.getByText('Hello.').waitFor();
  await page.goto(`${gateway.running.origin}/#/requests`);
  const row = page.getByRole('row').filter({ hasText: 'console' }).first();
  await row.getByText('200').waitFor();
  expect(await row.innerText()).toMatch(/POST \/v1\/chat\/completions\s+200\s+gpt-\S+\s+\S+\s+console/);
  expect(await page.getByRole('row', { name: 'GET /v1/models' }).count()).toBe(0);
  const cells = [row.getByText('200'), row.getByText(/^gpt-/)];
  for (const width of [360, 640, 1280]) {
    await page.setViewportSize({ width, height: 700 });
    for (const cell of cells) {
      const box = (await cell.boundingBox())!;
      expect(box.x + box.width).toBeLessThan(width);
    }
    const list = 'document.querySelector("[aria-label=Requests]")';
    expect(await page.evaluate(`${list}.scrollWidth - ${list}.clientWidth`)).toBeLessThanOrEqual(0);
  }
  expect(errors).toEqual([]);
});

it('requests that come faster than somebody can read are counted, and the page stays quick', async () => {
  const { page, errors } = await openConsolePage(browser, gateway, { place: 'requests' });
  await page.getByRole('region', { name: 'Requests' }).waitFor();
  await Promise.all(Array.from({ length: 250 }, () => gateway.fetch('/v1/responses/resp_none')));
  await page.getByText(/\d+ new requests came too fast to show each/).waitFor();
  await page.getByRole('button', { name: 'Show them' }).click();
  await page.getByText(/^(25\d) of \1 requests$/).waitFor();
  await expect.poll(() => page.getByRole('row').count()).toBe(101);
  await page.getByRole('button', { name: 'Show more' }).click();
  await expect.poll(() => page.getByRole('row').count()).toBe(201);
  await page.getByRole('button', { name: 'Pause' }).click();
  await gateway.fetch('/v1/models');
  await page.getByText('1 new request', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('row', { name: '/v1/models' }).waitFor();
  expect(errors).toEqual([]);
});

it('a request counts once, also if the page hears of it while a list that knows it is on its way', async () => {
  const { page, errors } = await openConsolePage(browser, gateway, { place: 'requests' });
  const make = (count: number) =>
    Promise.all(Array.from({ length: count }, () => gateway.fetch('/v1/responses/resp_none')));
  const newOnes = page.getByText(/\d+ new requests came too fast to show each/);
  const state = page.getByText(/^\S+ of \S+ requests$/);
  await state.waitFor();
  await make(20);
  await newOnes.waitFor();
  const heard = await newOnes.innerText();
  await page.route('**/console/requests?*', async (route) => {
    await make(30);
    const answer = await route.fetch();
    await expect.poll(() => newOnes.innerText()).not.toBe(heard);
    await route.fulfill({ response: answer });
  });
  await page.getByRole('button', { name: 'Show them' }).click();
  await newOnes.waitFor({ state: 'hidden' });
  const { held } = requestPageSchema.parse(await read('/console/requests?limit=1'));
  expect(await state.innerText()).toBe(`${held} of ${held} requests`);
  expect(errors).toEqual([]);
});

it('no body of what the console itself asks is held, in which new keys are, however its path is written', async () => {
  const { port } = new URL(gateway.running.origin);
  const keys = await Promise.all(
    ['/console/tokens', `http://127.0.0.1:${port}/console/tokens`].map(async (path, index) => {
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${TOKEN}` };
      const body = JSON.stringify({ name: `private-${index}` });
      const sent = request({ host: '127.0.0.1', port, path, method: 'POST', headers }).end(body);
      const [response] = (await once(sent, 'response')) as [IncomingMessage];
      return addedTokenSchema.parse(await json(response)).token;
    }),
  );
  await gateway.post(HELLO);
  const { requests } = requestPageSchema.parse(await read('/console/requests?limit=100'));
  const details = await Promise.all(
    requests.map(async ({ number }) => JSON.stringify(await read(`/console/requests/${number}`))),
  );
  expect(details.join()).toContain('Hello.');
  for (const key of keys) expect(details.join()).not.toContain(key);
  expect(details.join()).not.toContain('private-');
});
