import { expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/commands.ts';
import { CODEX_HEADERS } from '../../src/upstream/copilot/request/upstream-headers.ts';
import { namesIn, proseOf, readDocument } from '../support/documents.ts';

const GUIDE = readDocument('docs/copilot.md').text.replaceAll(/\s+/g, ' ');
const NAMES = namesIn(proseOf(readDocument('docs/copilot.md')));

it.each(['README.md', 'docs/copilot.md'])(
  '%s says in one plain sentence that GitHub does not support third-party use of the endpoint',
  (page) => {
    const text = readDocument(page).text.replaceAll(/\s+/g, ' ');
    expect(text).toContain('GitHub does not support third-party use of this endpoint.');
  },
);

it.each(Object.keys('commands' in COMMANDS.copilot! ? COMMANDS.copilot.commands : {}))(
  'the guide to GitHub Copilot explains `copilot %s`',
  (name) => {
    expect(GUIDE).toMatch(new RegExp(`\\bcopilot ${name}\\b`));
  },
);

it('the guide to GitHub Copilot names every header of Codex that is sent, and both changes of a body', () => {
  expect(CODEX_HEADERS.length).toBeGreaterThan(5);
  const expected = [...CODEX_HEADERS, 'web_search', 'client_metadata.x-codex-turn-metadata'];
  expect(expected.filter((name) => !NAMES.includes(name))).toEqual([]);
});
