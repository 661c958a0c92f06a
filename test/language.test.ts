import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { DOCUMENTS } from './support/documents.ts';
import { readProse, type Prose } from './support/read-prose.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Words with which no doc comment begins: it begins with a verb or with the name of the thing. */
const OPENERS = /^(?:what|whether|where|how|of|that|who|those|they|which|whoever|whatever|whichever|why)\b/i;

/** Words and phrases that a reader has to read twice, each with plain ones in its place. */
const DIALECT: readonly (readonly [phrase: RegExp, plain: string])[] = [
  [/\bbut for\b/i, 'except'],
  [/\btold\b/i, 'sent, reported, known'],
  [/\bwho(?:m)?ever\b/i, 'the one that, any'],
  [/\bstead\b/i, 'instead'],
  [/\bof which\b/i, 'whose, that'],
  [/\blet(?:s|ting)? go\b/i, 'release, forget'],
  [/\bby whom\b/i, 'who'],
  [/\bnobody (?:says|knows|asks|tells|is left)\b/i, 'unknown, not given'],
  [/\b(?:as|where) (?:it|they) stands?\b/i, 'unchanged'],
  [/\bstands? (?:in|at|before|beside|behind|nowhere|anywhere|there)\b/i, 'is, comes'],
  [/\b(?:go|goes|going|went) up\b/i, 'is sent upstream'],
  [/^tells? (?:if|whether)\b/i, 'returns true if, shows'],
  [/(?<!\bthere )\b(?:is|are) no (?!longer\b|more\b)/i, 'is not a'],
];

/** First words of doc comments that end like a verb but are something else. */
const NOT_VERBS = new Set([
  'This',
  'Its',
  'As',
  'Always',
  'Characters',
  'Bytes',
  'Seconds',
  'Words',
  'Texts',
]);

/** Checks the doc comment of a function; code and tags may come first, as in "`GET /v1/models`" and "@param". */
function beginsWithVerb({ text, functionName }: Prose): boolean {
  const [first = ''] = text.split(/[\s,.:;]/);
  const isVerb = /^[A-Z][a-z]+s$/.test(first) && !NOT_VERBS.has(first);
  return isVerb || first === functionName || /^[`@]/.test(first);
}

/** Returns the rules that a comment or message breaks. */
function faultsOf(prose: Prose): string[] {
  const faults = DIALECT.filter(([phrase]) => phrase.test(prose.text)).map(
    ([phrase, plain]) => `${phrase.source} (say: ${plain})`,
  );
  if (prose.kind === 'doc' && OPENERS.test(prose.text)) faults.push('begins with a relative word');
  if (prose.functionName !== undefined && !beginsWithVerb(prose)) faults.push('does not begin with a verb');
  return faults;
}

/** Returns the faults of every TypeScript file of a folder. */
function faultsIn(folder: string, check: (prose: Prose, file: string) => string[]): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => join(relative(ROOT, entry.parentPath), entry.name))
    .flatMap((file) =>
      readProse(file, readFileSync(join(ROOT, file), 'utf8')).flatMap((prose) =>
        check(prose, file).map((fault) => `${file}: ${fault}: ${prose.text}`),
      ),
    );
}

describe('comments and messages', () => {
  it.each<[string, string[]]>([
    ['/** Whether it is open. */ const a = 1;', ['begins with a relative word']],
    ['/** The sum. */ function add() {}', ['does not begin with a verb']],
    ['/** The sum. */ export const add = () => 1;', ['does not begin with a verb']],
    ['/** Returns the sum. */ export function add() {}', []],
    ['/** `GET /v1/models` */ const route = () => 1;', []],
    ["throw new Error('The client is told.');", ['\\btold\\b (say: sent, reported, known)']],
    ['throw new Error(`Port ${port} but for ${other}`);', ['\\bbut for\\b (say: except)']],
    ['// Sent by\n// whoever asks.', ['\\bwho(?:m)?ever\\b (say: the one that, any)']],
  ])('are checked in %s', (source, faults) => {
    expect(readProse('a.ts', source).flatMap(faultsOf)).toEqual(faults);
  });

  it('are in plain English', () => {
    const faults = [...faultsIn('src', faultsOf), ...faultsIn('console', faultsOf)];
    expect(faults).toEqual([]);
  });

  it('are in plain English in tests, where functions may be described without a verb', () => {
    const QUOTING = /^test\/(?:language\.test\.ts|support\/recorded-requests\/)/;
    const faults = faultsIn('test', ({ kind, text }, file) =>
      QUOTING.test(file) ? [] : faultsOf({ kind, text }),
    );
    expect(faults).toEqual([]);
  });
});

it('the documentation is in plain English', () => {
  const faults = DOCUMENTS.flatMap(({ path, text }) =>
    DIALECT.flatMap(([phrase, plain]) => {
      const [found] = phrase.exec(text) ?? [];
      return found === undefined ? [] : [`${path}: ${found} (say: ${plain})`];
    }),
  );
  expect(faults).toEqual([]);
});
