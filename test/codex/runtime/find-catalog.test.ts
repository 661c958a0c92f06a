import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { findCatalog, type FindCatalogOptions } from '../../../src/codex/runtime/find-catalog.ts';
import { createMemoryLog } from '../../support/memory-log.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const NEVER = new AbortController().signal;
const HOUR_MS = 3_600_000;

/** A Codex that lists the models in a file, as those of its provider if it is online, and counts how often it is asked. */
function createCodex() {
  const folder = temporaryFolder();
  const path = join(folder, 'codex');
  writeFileSync(
    path,
    `#!/bin/sh
echo asked >> '${folder}/calls'
if test -e '${folder}/online'; then cp '${folder}/models' "$CODEX_HOME/models_cache.json"; fi
cat '${folder}/models'
`,
  );
  chmodSync(path, 0o755);
  const userHome = join(folder, 'user');
  mkdirSync(userHome);
  const login = (text: string) => writeFileSync(join(userHome, 'auth.json'), text);
  const list = (...slugs: string[]) =>
    writeFileSync(
      join(folder, 'models'),
      JSON.stringify({ models: slugs.map((slug) => ({ slug, base_instructions: 'You are …' })) }),
    );
  const calls = join(folder, 'calls');
  const options: FindCatalogOptions = {
    binary: { path, version: '0.171.0' },
    provider: { id: 'scripted', config: { env_key: 'KEY' } },
    userHome,
    systemFolder: join(folder, 'etc'),
    stateDirectory: join(folder, 'state'),
    environment: { PATH: '/usr/bin:/bin', KEY: 'one' },
    catalog: undefined,
    cacheDirectory: join(folder, 'state', 'cache'),
    clientVersion: '0',
    ignoreRows: async () => true,
    observer: createMemoryLog(),
    config: () => ({}),
    outline: { web_search: 'disabled' },
    isRefresh: false,
  };
  login('{}');
  list('first');
  return {
    options,
    path,
    login,
    list,
    goOnline: () => writeFileSync(join(folder, 'online'), ''),
    file: join(folder, 'state', 'cache', 'catalog.json'),
    asked: () => (existsSync(calls) ? readFileSync(calls, 'utf8').split('\n').length - 1 : 0),
    async find(further: Partial<FindCatalogOptions> = {}) {
      const found = await findCatalog({ ...options, ...further }, NEVER);
      return { ...found, slugs: found.entries.map(({ slug }) => slug) };
    },
  };
}

describe('a catalog that is kept', () => {
  it('is used by the next start without asking Codex, and holds no prompt', async () => {
    const codex = createCodex();
    codex.goOnline();
    const { entries, isLive } = await codex.find();
    expect({ entries, isLive }).toEqual({ entries: [{ slug: 'first' }], isLive: true });
    codex.list('second');
    expect(await codex.find()).toMatchObject({ entries, isLive });
    expect(codex.asked()).toBe(1);
    expect(readdirSync(codex.options.stateDirectory).toSorted()).toEqual(['cache', 'homes']);
    expect(readdirSync(join(codex.options.stateDirectory, 'homes'))).toEqual([]);
    expect(readFileSync(codex.file, 'utf8')).not.toContain('You are');
  });

  it('is read again in the background, and says if it has changed', async () => {
    const codex = createCodex();
    await codex.find();
    expect(await (await codex.find()).catchUp(NEVER)).toBe(false);
    const kept = await codex.find();
    codex.list('first', 'second');
    expect(await kept.catchUp(NEVER)).toBe(true);
    expect((await codex.find()).slugs).toEqual(['first', 'second']);
  });

  it('has not changed when it was read just now', async () => {
    const codex = createCodex();
    const read = await codex.find();
    codex.list('second');
    expect(await read.catchUp(NEVER)).toBe(false);
    expect(codex.asked()).toBe(1);
  });

  it('stays when Codex cannot reach its provider any more', async () => {
    const codex = createCodex();
    codex.goOnline();
    await codex.find();
    const kept = await codex.find();
    expect(await kept.catchUp(NEVER)).toBe(false);
    const offline = createCodex();
    expect((await offline.find()).isLive).toBe(false);
    const other = await offline.find();
    offline.goOnline();
    expect(await other.catchUp(NEVER)).toBe(true);
    expect((await offline.find()).isLive).toBe(true);
  });
});

describe('Codex is asked again', () => {
  it.each<[string, (codex: ReturnType<typeof createCodex>) => Partial<FindCatalogOptions>]>([
    ['for a refresh', () => ({ isRefresh: true })],
    ['after another login', ({ login }) => (login('{"key":"another"}'), {})],
    ['after its file has changed', ({ path }) => (utimesSync(path, 1, 1), {})],
    ['with another version', ({ path }) => ({ binary: { path, version: '0.172.0' } })],
    ['with another provider', () => ({ provider: { id: 'other', config: {} } })],
    ['with another key of the provider', () => ({ environment: { PATH: '/usr/bin:/bin', KEY: 'two' } })],
    ['with another configuration', () => ({ outline: { chatgpt_base_url: 'http://127.0.0.1:9' } })],
    ['when the kept file is broken', ({ file }) => (writeFileSync(file, '{"entr'), {})],
    ['when the kept file is of another program', ({ file }) => (writeFileSync(file, '{"models":[]}'), {})],
    ['when nothing may be kept', () => ({ cacheDirectory: undefined })],
  ])('%s', async (_, change) => {
    const codex = createCodex();
    await codex.find();
    const further = change(codex);
    codex.list('second');
    expect((await codex.find(further)).slugs).toEqual(['second']);
  });

  it('after a day, or when the clock was set back', async () => {
    const codex = createCodex();
    await codex.find();
    const now = Date.now();
    const clock = vi.spyOn(Date, 'now');
    for (const [time, asked] of [
      [now + 23 * HOUR_MS, 1],
      [now + 25 * HOUR_MS, 2],
      [now, 3],
    ] as const) {
      clock.mockReturnValue(time);
      await codex.find();
      expect(codex.asked()).toBe(asked);
    }
    clock.mockRestore();
  });
});

it('a start works where nothing can be kept', async () => {
  const codex = createCodex();
  const blocked = join(codex.options.stateDirectory, 'file');
  mkdirSync(codex.options.stateDirectory);
  writeFileSync(blocked, '');
  expect((await codex.find({ cacheDirectory: join(blocked, 'cache') })).slugs).toEqual(['first']);
});
