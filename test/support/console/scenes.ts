import type { Page } from 'playwright-core';
import type { FilledGateway } from './fill-console.ts';

/** Something that the console shows. */
export interface Scene {
  /** Name of its picture. */
  readonly name: string;
  /** The part of the address after `#/`. */
  readonly place: string;
  /** Waits until it is shown, and opens what is to be seen. */
  show(page: Page): Promise<unknown>;
}

/** All pages of the console, and what opens in them. */
export function scenesOf({ sessions }: Pick<FilledGateway, 'sessions'>): Scene[] {
  return [
    { name: 'overview', place: 'overview', show: (page) => page.getByText('Default model').waitFor() },
    {
      name: 'clients',
      place: 'clients',
      show: (page) => page.getByRole('heading', { level: 2 }).first().waitFor(),
    },
    {
      name: 'models',
      place: 'models',
      show: (page) => page.getByRole('row', { name: /deep/ }).first().waitFor(),
    },
    {
      name: 'playground',
      place: 'playground',
      async show(page) {
        await page.getByLabel('Message').fill('What is a closure?');
        await page.getByRole('button', { name: 'Send' }).click();
        await page.getByRole('cell', { name: 'second' }).waitFor();
        // Colors of code are loaded with the first of it.
        await page.locator('pre code span').first().waitFor();
      },
    },
    { name: 'requests', place: 'requests', show: (page) => page.getByRole('row').nth(3).waitFor() },
    {
      name: 'session',
      place: `sessions/${sessions.done}`,
      show: (page) => page.getByText('Turn completed').waitFor(),
    },
    {
      name: 'approval',
      place: `sessions/${sessions.waiting}`,
      show: (page) => page.getByRole('region', { name: 'Waits for your decision' }).waitFor(),
    },
    { name: 'keys', place: 'keys', show: (page) => page.getByRole('row', { name: /^laptop/ }).waitFor() },
    {
      name: 'new-key',
      place: 'keys',
      async show(page) {
        await page.getByRole('button', { name: 'Add a key' }).click();
        await page.getByLabel('Name').waitFor();
      },
    },
    {
      name: 'tools',
      place: 'tools',
      show: (page) => page.getByRole('button', { name: 'Call it' }).waitFor(),
    },
    {
      name: 'settings',
      place: 'settings',
      show: (page) => page.getByText('sessions.roots').first().waitFor(),
    },
  ];
}
