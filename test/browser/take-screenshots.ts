import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, it } from 'vitest';
import { openBlank, openConsolePage, useBrowser } from '../support/console/console-page.ts';
import { startFilledGateway, type FilledGateway } from '../support/console/fill-console.ts';
import { scenesOf } from '../support/console/scenes.ts';
import { ROOT } from '../support/documents.ts';

// `npm run screenshots` writes the pictures of docs/console.md. With a folder in `SCREENSHOTS`, it writes them there, in a narrow
// window and of the whole pages as well.
const { SCREENSHOTS: folder } = process.env;
const FOLDER = folder ?? join(ROOT, 'docs/images');
const WINDOWS = {
  wide: { width: 1440, height: 900 },
  ...(folder !== undefined && { narrow: { width: 360, height: 740 } }),
};

let filled: FilledGateway;
beforeAll(async () => {
  filled = await startFilledGateway(8000);
  mkdirSync(FOLDER, { recursive: true });
});
afterAll(() => filled.close());
const browser = useBrowser();

const looks = ['light', 'dark'] as const;

it.each(Object.keys(WINDOWS) as (keyof typeof WINDOWS)[])(
  'takes pictures of every page in a %s window',
  async (window) => {
    const viewport = WINDOWS[window]!;
    const { page } = await openConsolePage(browser, filled.gateway, { viewport, reducedMotion: 'reduce' });
    for (const { name, place, show } of scenesOf(filled)) {
      await page.goto(`${filled.gateway.running.origin}/#/${place}`);
      await page.reload();
      await show(page);
      await page.evaluate('document.fonts.ready.then(() => {})');
      for (const colorScheme of looks) {
        await page.emulateMedia({ colorScheme });
        const path = join(FOLDER, `${name}-${colorScheme}${window === 'wide' ? '' : `-${window}`}.png`);
        await page.screenshot({ path, fullPage: folder !== undefined, animations: 'disabled' });
      }
    }
  },
);

it('takes pictures of what a browser sees that is signed out', async () => {
  const { page } = await openBlank(browser, { viewport: { width: 1440, height: 500 } });
  await page.goto(filled.gateway.running.origin);
  await page.getByRole('heading', { name: 'codex-gateway is up' }).waitFor();
  for (const colorScheme of looks) {
    await page.emulateMedia({ colorScheme });
    await page.screenshot({ path: join(FOLDER, `signed-out-${colorScheme}.png`) });
  }
});
