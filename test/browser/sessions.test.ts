import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, expect, it } from 'vitest';
import { act, patchOf, type AgentCall } from '../support/agent-upstream.ts';
import { openConsolePage, useBrowser } from '../support/console/console-page.ts';
import { lookingForNothing } from '../support/gateway.ts';
import { createFolder } from '../support/temporary-folder.ts';
import { useTestGateway } from '../support/use-test-gateway.ts';

const root = createFolder();
afterAll(() => rmSync(root, { recursive: true, force: true, maxRetries: 5 }));

const gateway = useTestGateway({ codexConfig: lookingForNothing, config: { sessions: { roots: [root] } } });
const browser = useBrowser();

/** Makes a workspace that is offered by the page. */
function makeWorkspace(name: string): string {
  const folder = join(root, name);
  mkdirSync(folder);
  return folder;
}

/** Starts a session by the form, for whose message the model takes these steps. */
async function start(page: Page, folder: string, steps: readonly (string | readonly AgentCall[])[]) {
  gateway.upstream.use(act(...steps));
  await page.getByLabel('What should the agent do?').fill('Do the work.');
  await page.getByLabel('Folder').selectOption(folder);
  await page.getByRole('button', { name: 'Start' }).click();
}

it('an edit is shown with its diff, and written once it is allowed', async () => {
  const folder = makeWorkspace('site');
  writeFileSync(join(folder, 'index.html'), '<h1>Old</h1>\n');
  const { page, errors } = await openConsolePage(browser, gateway, { place: 'sessions' });
  const patch = patchOf('*** Update File: index.html\n@@\n-<h1>Old</h1>\n+<h1>New</h1>');
  await start(page, folder, [[patch], 'I changed the heading.']);

  const panel = page.getByRole('region', { name: 'Waits for your decision' });
  await panel.getByRole('heading', { name: 'Edit index.html?' }).waitFor();
  expect(await panel.innerText()).toContain('<h1>New</h1>');
  expect(readFileSync(join(folder, 'index.html'), 'utf8')).toBe('<h1>Old</h1>\n');
  await panel.getByRole('button', { name: 'Allow', exact: true }).click();
  await page.getByText('I changed the heading.').waitFor();
  expect(readFileSync(join(folder, 'index.html'), 'utf8')).toBe('<h1>New</h1>\n');
  await page.getByText('Turn completed').waitFor();
  expect(errors).toEqual([]);
});
