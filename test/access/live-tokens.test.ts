import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createLiveTokens } from '../../src/access/live-tokens.ts';
import { tokenFolder } from '../../src/access/token-folder.ts';
import { revokeNamedToken } from '../../src/app/access/named-tokens.ts';
import { addTestToken } from '../support/add-token.ts';
import { createMemoryLog } from '../support/memory-log.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** Returns the tokens of a state folder as a running gateway sees them. */
function openLive() {
  const stateDirectory = temporaryFolder();
  const folder = tokenFolder(stateDirectory);
  const log = createMemoryLog();
  const live = createLiveTokens(folder, log);
  return {
    stateDirectory,
    live,
    add: async (name: string) => await addTestToken(stateDirectory, name),
    damage: (name: string) => writeFileSync(join(folder, `${name}.json`), '{"id":"tok_'),
    async names() {
      await live.refreshNow();
      return live.entries().map(({ name }) => name);
    },
    reported: () => log.lines,
  };
}

it('tokens that are added and revoked are seen at the next look', async () => {
  const { stateDirectory, add, names } = openLive();
  expect(await names()).toEqual([]);
  await add('one');
  await add('two');
  expect((await names()).toSorted()).toEqual(['one', 'two']);
  await revokeNamedToken(stateDirectory, 'one');
  expect(await names()).toEqual(['two']);
});

it('a damaged file is reported once, and takes nothing from the other tokens', async () => {
  const { add, damage, names, reported } = openLive();
  await add('good');
  await add('bad');
  damage('bad');
  expect(await names()).toEqual(['good']);
  await add('later');
  expect((await names()).toSorted()).toEqual(['good', 'later']);
  expect(reported()).toEqual([expect.stringMatching(/^error .*"bad".*its content is not that of a token/)]);
});

it('a token whose file is damaged later holds as it was, until it is revoked', async () => {
  const { stateDirectory, add, damage, names, reported } = openLive();
  await add('bad');
  expect(await names()).toEqual(['bad']);
  damage('bad');
  // Another token changes the folder, as an editor that replaces the file does.
  await add('other');
  expect((await names()).toSorted()).toEqual(['bad', 'other']);
  expect(reported()).toHaveLength(1);
  await revokeNamedToken(stateDirectory, 'bad');
  expect(await names()).toEqual(['other']);
});
