import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { namesIn, readDocument, ROOT } from '../support/documents.ts';

const IN_ROOT = /^(?:src|test|generated|docs|\.scripts|\.github)\//;

/** Files of TypeScript and Markdown, and folders, which end in a slash. */
const PATH = /^[\w.-]+(?:\/[\w.-]+)*(?:\.ts|\.md|\/)$/;

/** A file, with names of what it contains in brackets behind it. */
const CONTENT = /`([\w./-]+\.ts)` \(([^)]*)\)/g;

const PAGES = ['docs/internals/architecture.md', '.github/CONTRIBUTING.md'];

/** Returns the place of a path, which begins below `src` unless it names another folder of the repository. */
const find = (path: string) => join(ROOT, IN_ROOT.test(path) ? '' : 'src', path);

it.each(PAGES)('%s names only files and folders that exist, by their full path', (page) => {
  const names = namesIn(readDocument(page).text).filter((name) => PATH.test(name));
  expect(names.length).toBeGreaterThan(15);
  expect(names.filter((name) => !existsSync(find(name)))).toEqual([]);
});

it.each(PAGES)('%s names only functions and tables that are in the file before them', (page) => {
  const contents = [...readDocument(page).text.matchAll(CONTENT)].flatMap(([, file = '', list = '']) =>
    namesIn(list).map((name) => ({ file, name })),
  );
  expect(contents.length).toBeGreaterThan(0);
  const declares = ({ file, name }: { file: string; name: string }) =>
    new RegExp(`(?:function\\*?|const) ${name}\\b`).test(readFileSync(find(file), 'utf8'));
  expect(contents.filter((content) => !declares(content))).toEqual([]);
});
