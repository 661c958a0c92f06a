import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, expect, it } from 'vitest';
import { auditPageSchema, consoleToolsSchema } from '../../src/console/contract/tools.ts';
import { openConsolePage, useBrowser } from '../support/console/console-page.ts';
import { createFolder } from '../support/temporary-folder.ts';
import { useTestGateway } from '../support/use-test-gateway.ts';

/** HTML that notes itself if anything runs it. */
const HTML = `<img src=x onerror="globalThis.ran='yes'"><script>globalThis.ran='yes'</script>`;

const folder = createFolder();
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
mkdirSync(join(folder, 'docs'));
writeFileSync(join(folder, 'docs/refunds.md'), `Refunds take 30 days.\n${HTML}\n`);
const modulePath = join(folder, 'odd.js');
writeFileSync(
  modulePath,
  `export default ({ z }) => ({
    name: 'team.odd',
    title: ${JSON.stringify(`Odd ${HTML}`)},
    description: ${JSON.stringify(`Repeats. ${HTML}`)},
    annotations: { readOnlyHint: false },
    input: z.strictObject({
      text: z.string().describe(${JSON.stringify(HTML)}),
      color: z.enum(['red', 'blue']).default('red'),
      count: z.int().min(1).max(9).default(1),
      loud: z.boolean().default(false),
      names: z.array(z.string()).default([]),
      place: z.strictObject({ city: z.string().default('Bonn') }).optional(),
      other: z.union([z.string(), z.number()]).optional(),
      dry_run: z.boolean().default(true),
      confirm: z.boolean().default(false),
    }),
    output: z.looseObject({ given: z.unknown(), text: z.string() }),
    gate: { ask: () => 'Really?' },
    async run(input) { return { given: input, text: input.text + '\\n' + ${JSON.stringify(HTML)} }; },
  });`,
  { mode: 0o600 },
);

const unit = {
  command: [process.execPath, '-e', 'console.log("TAP version 13\\n1..1\\nok 1 - adds")'],
  cwd: folder,
  report: 'tap',
};

const gateway = useTestGateway({
  config: { tools: { knowledge: [join(folder, 'docs/**/*.md')], modules: [modulePath], tests: { unit } } },
});
const browser = useBrowser();

const ran = async (page: Page) => await page.evaluate('globalThis.ran');

it('a form from the schema calls a tool, and its output, name and description run nothing', async () => {
  const { page, errors } = await openConsolePage(browser, gateway, { place: 'tools/kb.search' });
  await page.getByLabel('query (required)').fill('refunds');
  await page.getByRole('button', { name: 'Call it' }).click();
  const result = page.getByLabel('the result', { exact: true });
  await result.waitFor();
  expect(await result.innerText()).toContain('<img src=x');
  await page.getByRole('link', { name: 'git.create_pr off' }).click();
  await page
    .getByText("The tool git.create_pr is off; 'tools.repositories' in the config file switches it on.")
    .waitFor();

  await page.getByRole('link', { name: 'team.odd' }).click();
  await page.getByRole('heading', { name: 'Odd <img' }).waitFor();
  await page.getByLabel('text (required)').fill(HTML);
  await page.getByLabel('color').selectOption('blue');
  await page.getByLabel('count').fill('3');
  await page.getByLabel('loud').check();
  await page.getByLabel('names').fill('a\nb');
  await page.getByLabel('city').fill('Köln');
  await page.getByLabel('other').fill('7');
  await page.getByRole('button', { name: 'Show what it would do' }).click();
  await page.getByText('Nothing was changed').waitFor();
  const { given } = JSON.parse(await page.getByLabel('the result', { exact: true }).innerText());
  const wanted = {
    text: HTML,
    color: 'blue',
    count: 3,
    loud: true,
    names: ['a', 'b'],
    place: { city: 'Köln' },
    other: 7,
  };
  expect(given).toEqual({ ...wanted, dry_run: true, confirm: false });
  await page.getByRole('button', { name: 'Do it for real…' }).click();
  await page.getByRole('button', { name: 'Do it', exact: true }).click();
  await page.getByText('Done', { exact: true }).waitFor();
  await page.getByText('"confirm": true').waitFor();
  expect([await ran(page), errors]).toEqual([undefined, []]);
});

it('a tool that can change something and has no dry run is called once a person has read what it does', async () => {
  const { page, errors } = await openConsolePage(browser, gateway, { place: 'tools/tests.run' });
  await page.getByLabel(/^targets/).fill('unit');
  const question = page.getByRole('dialog', { name: 'Call tests.run?' });
  await page.getByRole('button', { name: 'Call it…' }).click();
  expect(await question.innerText()).toMatch(/Runs configured tests[\s\S]*"targets": \[\s*"unit"/);
  await question.getByRole('button', { name: 'Cancel' }).click();
  const audit = async () =>
    auditPageSchema.parse(await (await gateway.fetch('/console/audit?tool=tests.run')).json());
  expect(await audit()).toMatchObject({ calls: [] });
  await page.getByRole('button', { name: 'Call it…' }).click();
  await question.getByRole('button', { name: 'Do it' }).click();
  await page.getByText('"passed": 1').waitFor();
  expect(await audit()).toMatchObject({ calls: [{ dry_run: false, outcome: 'ok' }] });
  expect(errors).toEqual([]);
});

it('a wrong argument is named at its field, and arguments that have no field are written as JSON', async () => {
  const { page } = await openConsolePage(browser, gateway, { place: 'tools/team.odd' });
  await page.getByLabel('text (required)').fill('a');
  await page.getByLabel('count').fill('99');
  await page.getByRole('button', { name: 'Show what it would do' }).click();
  await page.locator('label', { hasText: 'count' }).getByRole('alert').waitFor();
  await page.getByRole('button', { name: 'Edit as JSON' }).click();
  const editor = page.getByLabel('Arguments as JSON');
  expect(JSON.parse(await editor.inputValue())).toEqual({ text: 'a', count: 99 });
  await editor.fill('{"text": ');
  await page.getByText('This is not JSON yet').waitFor();
  await editor.fill('{"text": "b", "count": 2}');
  await page.getByRole('button', { name: 'Show what it would do' }).click();
  await page.getByText('Nothing was changed').waitFor();
  expect(await page.getByLabel('the result', { exact: true }).innerText()).toContain('"count": 2');
});

it('the audit has filters, shows a call as soon as it is made, and runs nothing of it', async () => {
  const { page, errors } = await openConsolePage(browser, gateway, { place: 'tools/audit' });
  await page.getByRole('combobox', { name: 'Tool' }).waitFor();
  const call = async (path: string, body: object) =>
    await gateway.fetch(`/tools/v1${path}`, { method: 'POST', body: JSON.stringify(body) });
  await call('/kb/search', { query: `live ${HTML}` });
  const row = page.locator('tr', { hasText: 'live <img' });
  await row.waitFor();
  await row.locator('summary').click();
  await row.getByText('"query": "live <img').waitFor();

  await call('/team/odd', {});
  await page.getByRole('combobox', { name: 'Outcome' }).selectOption('failed');
  await page.getByRole('combobox', { name: 'Tool' }).selectOption('team.odd');
  await expect.poll(() => row.count()).toBe(0);
  await page.getByRole('cell', { name: '400' }).first().waitFor();
  expect([await ran(page), errors]).toEqual([undefined, []]);
});

it('the answers have the form that the page reads, and need the scope of the tools', async () => {
  const { tools, off } = consoleToolsSchema.parse(await (await gateway.fetch('/console/tools')).json());
  expect(tools.map(({ name }) => name)).toEqual(['kb.search', 'repo.hygiene', 'tests.run', 'team.odd']);
  expect(off.map(({ name }) => name)).toEqual(['git.create_pr']);
  const body = JSON.stringify({ diff: '' });
  await gateway.fetch('/tools/v1/repo/hygiene', { method: 'POST', body });
  await gateway.fetch('/tools/v1/repo/hygiene', { method: 'POST', body });
  const read = async (query: string) =>
    auditPageSchema.parse(await (await gateway.fetch(`/console/audit?tool=repo.hygiene&${query}`)).json());
  const first = await read('limit=1');
  expect(first).toMatchObject({
    has_more: true,
    calls: [{ tool: 'repo.hygiene', outcome: 'ok', key: 'main' }],
  });
  const second = await read(`limit=1&before=${first.calls[0]!.number}`);
  expect(second.has_more).toBe(false);
  expect(await read(`since=${Date.now() + 60_000}`)).toMatchObject({ calls: [] });

  const { token } = (await (
    await gateway.fetch('/console/tokens', {
      method: 'POST',
      body: JSON.stringify({ name: 'viewer', scopes: ['console'] }),
    })
  ).json()) as { token: string };
  const headers = { authorization: `Bearer ${token}` };
  expect((await gateway.fetch('/console/audit', { headers })).status).toBe(403);
});
