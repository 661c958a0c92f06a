import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { absentFrom } from '../../../src/http/openai/absent.ts';

/** First parts of paths that are, or may be, served. */
const SERVED = ['chat', 'completions', 'conversations', 'models', 'responses'];

/** First parts of all paths that the official SDK can ask for. */
function sdkParts(): string[] {
  const folder = new URL('../../../node_modules/openai/resources/', import.meta.url);
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.js'),
  );
  const texts = files.map((file) => readFileSync(new URL(file, folder), 'utf8'));
  return [
    ...new Set(texts.flatMap((text) => [...text.matchAll(/['"`]\/([a-z_]+)/g)].map((match) => match[1]!))),
  ];
}

it('the list of unsupported endpoints has every part of the official SDK’s API that is not served', () => {
  const parts = sdkParts();
  expect(parts).toEqual(expect.arrayContaining([...SERVED, 'audio', 'vector_stores']));
  const unknown = parts.filter((part) => !SERVED.includes(part) && absentFrom(`/v1/${part}/x`) === undefined);
  expect(unknown).toEqual([]);
  expect(SERVED.filter((part) => absentFrom(`/v1/${part}`) !== undefined)).toEqual([]);
});

it('the list of unsupported endpoints has embeddings, which the SDK’s paths do not show', () => {
  expect(absentFrom('/v1/embeddings')).toBe('embeddings');
});

it.each(['/v1/toString', '/v1', '/', '/embeddings/v1'])(
  'the list of unsupported endpoints has no entry for %s',
  (path) => {
    expect(absentFrom(path)).toBeUndefined();
  },
);
