import { mkdirSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterEach, expect, it, onTestFinished, vi } from 'vitest';
import { readGlobs } from '../../../src/store/knowledge/document-globs.ts';
import { openServedKnowledge } from '../../../src/store/knowledge/serve-knowledge.ts';
import { anyText } from '../../support/any-text.ts';
import { runCount } from '../../support/run-count.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

afterEach(() => {
  vi.useRealTimers();
});

/** Writes documents and opens their index; `globs` begin at the folder of the documents. */
async function open(
  files: Readonly<Record<string, string>>,
  globs = ['docs/**/*.md'],
  isInMemory = true,
  hidden: readonly string[] = [],
) {
  const folder = temporaryFolder();
  const state = join(folder, 'new/state');
  const write = (name: string, text: string | Buffer) => {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  };
  for (const [name, text] of Object.entries(files)) write(name, text);
  const reopen = () =>
    openServedKnowledge({
      folder: isInMemory ? undefined : state,
      globs: readGlobs(globs, {
        configFolder: folder,
        home: '/home/nobody',
        hidden: hidden.map((name) => join(folder, name)),
      }),
    });
  const knowledge = await reopen();
  onTestFinished(knowledge.close);
  const search = (query: string, count = 5) => knowledge.search({ query, count });
  const sources = async (query: string) => (await search(query)).map(({ path, line }) => `${path}:${line}`);
  return { folder, state, write, reopen, search, sources };
}

it('a search finds the passage with the words of a query in any form, and cites the line that matches best', async () => {
  const { search } = await open({
    'docs/refunds.md': '# Refunds\n\nOur shop is open to all.\nA customer gets a refund\nwithin 30 days.\n',
    'docs/a/other.md': 'A customer has an account.\n',
  });
  const hits = await search('refunds for customers');
  expect(hits[0]).toMatchObject({ path: 'refunds.md', line: 4 });
  expect(hits[0]!.snippet).toBe('Our shop is open to all.\nA customer gets a refund\nwithin 30 days.');
  expect(hits.map(({ path }) => path)).toContain('a/other.md');
  const scores = hits.map(({ score }) => score);
  expect(scores).toEqual(scores.toSorted((one, other) => other - one));
  expect(scores.every((score) => score > 0 && score <= 1)).toBe(true);
});

it('signs and scripts without spaces between words are found literally', async () => {
  const { sources } = await open({ 'docs/a.md': 'x\n\nCall foo->bar() with 100%_x.\n\n退款政策在这里\n' });
  expect(await sources('->')).toEqual(['a.md:3']);
  expect(await sources('%_')).toEqual(['a.md:3']);
  expect(await sources('政策')).toEqual(['a.md:5']);
});

it('whatever a query holds, the search answers', async () => {
  const { search } = await open({ 'docs/a.md': 'NEAR AND OR NOT "quoted" col:x ^a* (b)\n' });
  for (const query of [
    '"',
    '" OR "',
    'NEAR(a b',
    'text:x',
    '^a',
    'a*',
    '(',
    '--',
    "';",
    '\0',
    '\u0001',
    '\\',
    '🙂',
    '\ud800',
  ]) {
    await expect(search(query)).resolves.toBeInstanceOf(Array);
  }
  await fc.assert(
    fc.asyncProperty(anyText({ maxLength: 40 }), async (query) => {
      expect((await search(query)).length).toBeLessThanOrEqual(5);
    }),
    runCount(50),
  );
});

it('a document that is changed, added or removed counts in the next search that comes later than a second', async () => {
  const { write, sources, folder } = await open({ 'docs/a.md': 'apple\n', 'docs/b.md': 'banana\n' });
  expect(await sources('apple banana')).toEqual(['a.md:1', 'b.md:1']);
  write('docs/a.md', 'cherry\n');
  write('docs/c.md', '\n\napple\n');
  rmSync(join(folder, 'docs/b.md'));
  const now = performance.now();
  vi.spyOn(performance, 'now').mockImplementation(() => now + 1_600);
  expect(await sources('apple')).toEqual(['c.md:3']);
  expect(await sources('banana')).toEqual([]);
  expect(await sources('cherry')).toEqual(['a.md:1']);
});

it('nothing outside the globs is found, not even through a link, nor what a glob leaves out', async () => {
  const { folder, sources } = await open(
    {
      'docs/a.md': 'secret\n',
      'docs/b.txt': 'secret\n',
      'docs/.hidden/c.md': 'secret\n',
      'docs/private/d.md': 'secret\n',
      'outside/e.md': 'secret\n',
    },
    ['docs/**/*.md', '!docs/private/**'],
  );
  symlinkSync(join(folder, 'outside'), join(folder, 'docs/folder'));
  symlinkSync(join(folder, 'outside/e.md'), join(folder, 'docs/link.md'));
  expect(await sources('secret')).toEqual(['a.md:1']);
});

it('no glob reaches the files that hold secrets, not even after a folder became a link to theirs', async () => {
  const { folder, sources } = await open(
    {
      'own/token': 'secret\n',
      'own/config.json': 'secret\n',
      'own/a.md': 'secret\n',
      'docs/b.md': 'secret\n',
    },
    ['docs/**', 'own/*'],
    true,
    ['own/token', 'state', 'own/config.json'],
  );
  symlinkSync(join(folder, 'own'), join(folder, 'later'));
  expect(await sources('secret')).toEqual(['b.md:1', 'a.md:1']);
  rmSync(join(folder, 'docs'), { recursive: true });
  symlinkSync(join(folder, 'own'), join(folder, 'docs'));
  const now = performance.now();
  vi.spyOn(performance, 'now').mockImplementation(() => now + 1_600);
  expect(await sources('secret')).toEqual(['a.md:1']);
});

it('a source is relative to the part of its glob before the first wildcard, also where that is a link', async () => {
  const { folder, sources } = await open(
    { 'docs/guides/api-1.md': 'alpha\n', 'docs/one.md': 'beta\n', 'real/x/y.md': 'gamma\n' },
    ['docs/guides/api-*.md', 'docs/one.md', 'linked/**', '!linked/x/z*'],
  );
  symlinkSync(join(folder, 'real'), join(folder, 'linked'));
  writeFileSync(join(folder, 'real/x/z.md'), 'gamma\n');
  expect(await sources('alpha beta gamma')).toEqual(['api-1.md:1', 'one.md:1', 'x/y.md:1']);
});

it('binary files are passed over, and a long line is cited in pieces', async () => {
  const { sources, search } = await open({
    'docs/binary.md': 'needle\0\n',
    'docs/long.md': `first\n${'hay '.repeat(1_000)}needle${' hay'.repeat(1_000)}\n`,
  });
  expect(await sources('needle')).toEqual(['long.md:2']);
  const [hit] = await search('needle');
  expect(hit!.snippet).toContain('needle');
  expect(hit!.snippet.length).toBeLessThanOrEqual(1_201);
});

it('an index is kept for the next process, in a new folder, readable by its owner only, and a broken one is made anew', async () => {
  const { state, reopen, sources } = await open({ 'docs/a.md': 'apple\n' }, undefined, false);
  expect(await sources('apple')).toEqual(['a.md:1']);
  const name = readdirSync(state).find((file) => file.endsWith('.sqlite'));
  expect(statSync(join(state, name!)).mode & 0o777).toBe(0o600);
  expect(statSync(state).mode & 0o777).toBe(0o700);
  const other = await reopen();
  expect(await other.search({ query: 'apple', count: 1 })).toHaveLength(1);
  await other.close();
  rmSync(join(state, name!));
  for (const suffix of ['-wal', '-shm']) rmSync(join(state, `${name}${suffix}`), { force: true });
  writeFileSync(join(state, name!), 'no database');
  const anew = await reopen();
  expect(await anew.search({ query: 'apple', count: 1 })).toHaveLength(1);
  await anew.close();
});

it('a text that is nearly the query, all over, keeps nobody waiting', async () => {
  const index = await open({ 'docs/a.md': 'a'.repeat(4_000_000) });
  await index.search('warm up');
  const startedAt = performance.now();
  expect(await index.search(`${'a'.repeat(1_000)}!`)).toEqual([]);
  expect(performance.now() - startedAt).toBeLessThan(3_000);
});
