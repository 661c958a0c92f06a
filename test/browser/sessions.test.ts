import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, expect, it } from 'vitest';
import { act, patchOf, type AgentCall } from '../support/agent-upstream.ts';
import { openConsolePage, useBrowser } from '../support/console/console-page.ts';
import { lookingForNothing } from '../support/gateway.ts';
import { createVisibleFolder } from '../support/temporary-folder.ts';
import { inOrder } from '../support/upstream-answers.ts';
import { stall } from '../support/upstream.ts';
import { useTestGateway } from '../support/use-test-gateway.ts';

const root = createVisibleFolder();
afterAll(() => rmSync(root, { recursive: true, force: true, maxRetries: 5 }));

const gateway = useTestGateway({ codexConfig: lookingForNothing, config: { sessions: { roots: [root] } } });
const browser = useBrowser();

const LONG = Array.from({ length: 5_000 }, (_, index) => `+line ${index}`);

type Steps = readonly (string | readonly AgentCall[])[];

/** Makes a workspace, which the page offers. */
function makeWorkspace(name: string): string {
  const folder = join(root, name);
  mkdirSync(folder);
  return folder;
}

/** Starts a session by the form, for whose message the model takes these steps. */
async function start(page: Page, folder: string, steps: Steps): Promise<void> {
  gateway.upstream.use(act(...steps));
  await page.getByLabel('What should the agent do?').fill('Do the work.');
  await page.getByLabel('Folder', { exact: false }).first().selectOption(folder);
  await page.getByRole('button', { name: 'Start' }).click();
}

async function send(page: Page, text: string, steps: Steps): Promise<void> {
  gateway.upstream.use(act(...steps));
  await page.getByLabel('Message', { exact: true }).fill(text);
  await page.getByRole('button', { name: 'Send', exact: true }).click();
}

const panelOf = (page: Page) => page.getByRole('region', { name: 'Waits for your decision' });

it('an edit is written once it is allowed, one that is declined is not, and an undo puts the file back', async () => {
  const folder = makeWorkspace('site');
  const file = join(folder, 'index.html');
  const read = () => readFileSync(file, 'utf8');
  writeFileSync(file, '<h1>Old</h1>\n');
  const { page, errors } = await openConsolePage(browser, gateway, { place: 'sessions' });
  const panel = panelOf(page);
  await start(page, folder, [
    [patchOf('*** Update File: index.html\n@@\n-<h1>Old</h1>\n+<h1>New</h1>')],
    'I changed the heading.',
  ]);
  await panel.getByRole('heading', { name: 'Edit index.html?' }).waitFor();
  await panel.getByText('<h1>New</h1>').waitFor();
  expect(read()).toBe('<h1>Old</h1>\n');
  await panel.getByRole('button', { name: 'Allow', exact: true }).click();
  await page.getByText('I changed the heading.').waitFor();
  await page.getByText('Turn completed').waitFor();
  expect(read()).toBe('<h1>New</h1>\n');

  await send(page, 'And another file.', [[patchOf('*** Add File: more.txt', ...LONG)], 'As you like.']);
  await panel.getByRole('heading', { name: 'Create more.txt?' }).waitFor();
  // A long diff is made in pieces, as it comes into view.
  await panel.getByRole('button', { name: '4400 more lines' }).waitFor();
  expect(await panel.getByRole('row').count()).toBe(600);
  // A letter in a field is a letter.
  await page.getByLabel('Message', { exact: true }).press('d');
  await page.getByLabel('Message', { exact: true }).press('Escape');
  await page.keyboard.press('d');
  await page.getByText('Declined: an edit (more.txt)').waitFor();
  await page.getByText('As you like.').waitFor();
  await expect.poll(() => page.getByText('Turn completed').count()).toBe(2);
  expect(existsSync(join(folder, 'more.txt'))).toBe(false);

  await page.getByRole('tab', { name: 'Changes' }).click();
  await page.getByRole('region', { name: 'index.html' }).getByText('<h1>New</h1>').waitFor();
  await page.getByRole('button', { name: 'Side by side' }).click();
  await expect.poll(() => page.getByRole('row').first().innerText()).toMatch(/Old[^]*New/);
  await page.getByRole('tab', { name: 'Transcript' }).click();
  await page.getByRole('button', { name: 'Undo…' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'Undo this turn?' });
  await dialog.getByText('index.html').waitFor();
  writeFileSync(file, '<h1>Mine</h1>\n');
  await dialog.getByRole('button', { name: 'Undo', exact: true }).click();
  await dialog.getByText('were changed by somebody else since').waitFor();
  writeFileSync(file, '<h1>New</h1>\n');
  await dialog.getByRole('button', { name: 'Undo', exact: true }).click();
  await page.getByText('Undone. Put back: index.html').waitFor();
  expect(read()).toBe('<h1>Old</h1>\n');
  expect(errors).toEqual([expect.stringContaining('409')]);
});

it('a session of the command line is in the list, and tells each browser of its owner that it waits, on any page', async () => {
  const folder = makeWorkspace('shell');
  const { page, errors } = await openConsolePage(browser, gateway, { place: 'keys' });
  gateway.upstream.use(act([{ command: 'echo done' }], 'It is done.'));
  const call = async (path: string, body: object) =>
    (await (await gateway.fetch(path, { method: 'POST', body: JSON.stringify(body) })).json()) as {
      session: { id: string };
    };
  const { session } = await call('/chat/sessions', { workspace_root: folder, review: 'commands' });
  await call(`/chat/sessions/${session.id}/messages`, { message: 'Run it from the terminal.' });
  await page.getByRole('link', { name: /^Sessions\s*1 waits$/ }).waitFor();
  // On a narrow screen it is seen without opening the menu.
  const size = page.viewportSize()!;
  await page.setViewportSize({ width: 360, height: 740 });
  await page.getByRole('button', { name: /^All pages, now at\s*Keys\s*1 waits$/ }).waitFor();
  await page.setViewportSize(size);
  await page.goto(`${gateway.running.origin}/#/sessions`);
  await page.getByRole('link', { name: 'Run it from the terminal.' }).click();
  await panelOf(page).getByRole('heading', { name: 'Run this command?' }).waitFor();
  await page.keyboard.press('a');
  await page.getByText('It is done.').waitFor();
  await page.getByRole('region', { name: 'Command' }).getByText('done', { exact: true }).first().waitFor();
  await expect.poll(() => page.getByText('1 waits').count()).toBe(0);
  expect(errors).toEqual([]);
});

it('a file name, the output of a command and the words of a model run nothing and hide nothing', async () => {
  const folder = makeWorkspace('evil');
  const image = '<img src=x onerror="document.title=1337">';
  const { page, errors } = await openConsolePage(browser, gateway, { place: 'sessions' });
  await start(page, folder, [
    [{ command: `printf '%s\\n\\033[31m%s\\033[0m' '${image}' '<script>document.title=1337</script>'` }],
    [patchOf(`*** Add File: ${image}\n+${image}\n+left\u202Etfel`)],
    `Look: ${image}`,
  ]);
  const panel = panelOf(page);
  await panel.getByRole('heading', { name: `Create ${image}?` }).waitFor();
  await panel.getByText('left<U+202E>tfel').waitFor();
  await panel.getByRole('button', { name: 'Allow for this session' }).click();
  await page.getByText('Turn completed').waitFor();
  await page
    .getByRole('region', { name: 'Command' })
    .getByText('<script>document.title=1337</script>')
    .first()
    .waitFor();
  await page.getByRole('tab', { name: 'Changes' }).click();
  await page.getByRole('region', { name: image }).waitFor();
  expect(await page.locator('main img, main script').count()).toBe(0);
  expect(await page.title()).toBe('Sessions · codex-gateway');
  expect(errors).toEqual([]);
});

/** Returns the pixels of the page below what is in view. */
const leftBelow = (page: Page) =>
  page
    .locator('html')
    .evaluate(
      ({ scrollHeight, scrollTop, clientHeight }: Record<string, number>) =>
        scrollHeight! - scrollTop! - clientHeight!,
    );

it('the transcript goes along with the agent until somebody scrolls up, and a narrow form keeps its words whole', async () => {
  const folder = makeWorkspace('talk');
  const viewport = { width: 360, height: 700 };
  const { page, errors } = await openConsolePage(browser, gateway, { place: 'sessions/new', viewport });
  const reader = await openConsolePage(browser, gateway, { place: 'sessions', grant: { read_only: true } });
  await reader.page.getByText('This browser may only look.').waitFor();
  expect(await reader.page.getByRole('link', { name: 'New session' }).count()).toBe(0);
  const { height } = (await page.getByText('commands', { exact: true }).boundingBox())!;
  expect(height).toBeLessThan(30);
  const long = Array.from({ length: 60 }, (_, index) => `Paragraph ${index}.`).join('\n\n');
  await start(page, folder, [`${long}\n\nThe end.`]);
  await page.getByText('Turn completed').waitFor();
  await expect.poll(() => leftBelow(page)).toBeLessThan(2);
  await send(page, 'More of it.', [`${long}\n\nThe second end.`]);
  await expect.poll(() => page.getByText('Turn completed').count()).toBe(2);
  await page.getByText('The second end.').waitFor();
  await expect.poll(() => leftBelow(page)).toBeLessThan(2);
  await page.mouse.wheel(0, -3_000);
  await expect.poll(() => leftBelow(page)).toBeGreaterThan(1_000);
  gateway.upstream.use(act('The third end.'));
  const path = `/chat/sessions/${page.url().split('/').at(-1)}/messages`;
  await gateway.fetch(path, { method: 'POST', body: JSON.stringify({ message: 'From the terminal.' }) });
  await page.getByText('The third end.').waitFor();
  await expect.poll(() => page.getByText('Turn completed').count()).toBe(3);
  expect(await leftBelow(page)).toBeGreaterThan(1_000);
  expect(errors).toEqual([]);
});

it('a turn takes further words while it runs, and is stopped, and a session is forked and deleted', async () => {
  const folder = makeWorkspace('long');
  const { page, errors } = await openConsolePage(browser, gateway, { place: 'sessions' });
  await start(page, folder, ['Hello there.']);
  await page.getByText('Hello there.').waitFor();
  await page.getByText('Turn completed').waitFor();
  const field = page.getByLabel('Message', { exact: true });
  gateway.upstream.use(inOrder(stall('I begin')));
  await field.fill('Work for long.');
  await field.press('Enter');
  await page.getByText('I begin').waitFor();
  await field.fill('Hurry up.');
  await page.getByRole('button', { name: 'Add to this turn' }).click();
  await page.getByText('Hurry up.').waitFor();
  await page.getByRole('button', { name: 'Stop' }).click();
  await page.getByText('Turn interrupted').waitFor();

  gateway.upstream.use(act([patchOf('*** Add File: a.txt\n+a')], 'This as well.'));
  await field.fill('Write a file.');
  await field.press('Enter');
  await panelOf(page).getByRole('heading', { name: 'Create a.txt?' }).waitFor();
  // Nothing was written yet, so that the keys answer and not the field.
  await expect.poll(() => panelOf(page).evaluate((panel) => panel.matches(':focus'))).toBe(true);
  await field.fill('Then this.');
  await page.getByRole('button', { name: 'Send after it' }).click();
  await page.getByText('Waits for the end of the turn that runs.').waitFor();
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await expect.poll(() => page.getByText('Turn interrupted').count()).toBe(2);
  await page
    .getByText(/Turn completed/)
    .nth(1)
    .waitFor();
  const log = await page.getByRole('log').innerText();
  expect(log).toMatch(/Write a file\.[^]*a\.txt[^]*Turn interrupted[^]*Then this\.[^]*Turn completed/);
  expect(log).not.toMatch(/running|Waits for the end/);

  const before = page.url();
  await page.getByRole('button', { name: 'Fork from here' }).first().click();
  await expect.poll(() => page.url()).not.toBe(before);
  await page.getByRole('log').getByText('Hello there.').waitFor();
  expect(await page.getByText('Work for long.').count()).toBe(0);
  await page.getByRole('button', { name: 'Delete…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('heading', { name: 'New session' }).waitFor();
  expect(errors).toEqual([]);
});
