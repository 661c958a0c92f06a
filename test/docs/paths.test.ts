import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { namesIn, readDocument, ROOT } from '../support/documents.ts';

const IN_ROOT = /^(?:src|test|generated|docs|\.scripts|\.github)\//;

/** Files of TypeScript and Markdown, and folders, which end in a slash. */
const PATH = /^[\w.-]+(?:\/[\w.-]+)*(?:\.ts|\.md|\/)$/;

it.each(['docs/internals/architecture.md', '.github/CONTRIBUTING.md'])(
  '%s names only files and folders that exist, by their full path',
  (page) => {
    const names = namesIn(readDocument(page).text).filter((name) => PATH.test(name));
    expect(names.length).toBeGreaterThan(15);
    const missing = names.filter((name) => !existsSync(join(ROOT, IN_ROOT.test(name) ? '' : 'src', name)));
    expect(missing).toEqual([]);
  },
);
