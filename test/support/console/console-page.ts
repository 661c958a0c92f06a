import { afterAll, beforeAll, onTestFinished } from 'vitest';
import {
  chromium,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Page,
} from 'playwright-core';
import { findChromium } from '../browser.ts';
import { TOKEN, type TestGateway } from '../gateway.ts';

/** Milliseconds in which the page has to show something, on a machine that others use as well. */
const PATIENCE_MS = 20_000;

/** One browser for all tests of a file; each test opens contexts of its own in it. */
export function useBrowser(): { readonly current: Browser } {
  let browser: Browser | undefined;
  beforeAll(async () => {
    const executablePath = findChromium();
    if (executablePath === undefined)
      throw new Error('These tests need Chromium: install it, or name one in CHROMIUM_PATH.');
    const args = ['--disable-gpu', '--disable-dev-shm-usage'];
    browser = await chromium.launch({ executablePath, args, chromiumSandbox: process.getuid?.() !== 0 });
  });
  afterAll(() => browser?.close());
  return {
    get current() {
      return browser!;
    },
  };
}

export interface OpenedConsole {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Errors that the page has thrown or written to its console, among them everything that its policy refuses. */
  readonly errors: readonly string[];
}

export interface OpenOptions extends BrowserContextOptions {
  /** Fields of the request for the one-time code. */
  readonly grant?: object;
  /** The part of the address after `#/`. */
  readonly place?: string;
}

/** Opens the console in a browser that has just signed in. */
export async function openConsolePage(
  browser: { readonly current: Browser },
  gateway: Pick<TestGateway, 'running'>,
  { grant = {}, place = '', ...options }: OpenOptions = {},
): Promise<OpenedConsole> {
  const opened = await openBlank(browser, options);
  const { page } = opened;
  await page.goto(`${gateway.running.origin}/#code=${await makeCode(gateway, grant)}`);
  await page.getByRole('navigation').waitFor();
  if (place !== '') await page.goto(`${gateway.running.origin}/#/${place}`);
  return opened;
}

/** Opens the playground, and resolves once it knows the models: nothing is sent before. */
export async function openPlayground(
  browser: { readonly current: Browser },
  gateway: Pick<TestGateway, 'running'>,
): Promise<OpenedConsole> {
  const opened = await openConsolePage(browser, gateway, { place: 'playground' });
  await opened.page.locator('select').first().locator('option').first().waitFor({ state: 'attached' });
  return opened;
}

/** Opens an empty page in a browser that was never signed in. */
export async function openBlank(
  browser: { readonly current: Browser },
  options: BrowserContextOptions = {},
): Promise<OpenedConsole> {
  const context = await browser.current.newContext({ serviceWorkers: 'block', ...options });
  onTestFinished(() => context.close());
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  return { page, context, errors };
}

/** Asks for a one-time code, as `codex-gateway open` does. */
export async function makeCode(
  { running: { origin } }: Pick<TestGateway, 'running'>,
  grant: object = {},
  token = TOKEN,
): Promise<string> {
  const response = await fetch(`${origin}/console/codes`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(grant),
  });
  const { code } = (await response.json()) as { code: string };
  return code;
}
