import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openInBrowser } from '../../../src/app/console/open-in-browser.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const LINK = 'http://127.0.0.1:8000/#code=abc';

/** A machine whose program for links ends with a code after it has noted the link. */
function machine(code: number) {
  const folder = temporaryFolder();
  const opened = join(folder, 'opened');
  for (const name of ['xdg-open', 'open']) {
    const program = join(folder, name);
    writeFileSync(program, `#!/bin/sh\nprintf %s "$1" > '${opened}'\nexit ${code}\n`);
    chmodSync(program, 0o755);
  }
  const environment = { PATH: `${folder}${delimiter}${process.env.PATH}`, DISPLAY: ':0' };
  return { environment, opened: () => readFileSync(opened, 'utf8') };
}

describe('a link', () => {
  it('is opened by the program of the system', async () => {
    const { environment, opened } = machine(0);
    expect(await openInBrowser(LINK, environment)).toBe(true);
    expect(opened()).toBe(LINK);
  });

  it('is said to be opened only if that program has found a browser', async () => {
    expect(await openInBrowser(LINK, machine(3).environment)).toBe(false);
  });

  it('is not opened where there is no such program', async () => {
    expect(await openInBrowser(LINK, { PATH: temporaryFolder(), DISPLAY: ':0' })).toBe(false);
  });

  it.skipIf(process.platform === 'darwin')('is not opened without a display', async () => {
    const { PATH } = machine(0).environment;
    expect(await openInBrowser(LINK, { PATH })).toBe(false);
  });
});
