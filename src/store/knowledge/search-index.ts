import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { read } from '../database/transaction.ts';

/** A passage that answers a query. */
export interface PassageHit {
  readonly snippet: string;
  /** Path of the document, relative to the folder of its glob. */
  readonly path: string;
  readonly line: number;
  /** From 0 to 1. */
  readonly score: number;
}

/** Words of a query that count; a longer query is a text whose first words say enough. */
const MAX_WORDS = 32;

/** Marks around the words of a passage that match. No text that is read has them for long. */
const [BEGIN, END] = ['\u0001', '\u0002'];

/** Passages by the rank of BM25. The best of them are chosen by how many of the words they have. */
const RANKED = `
  SELECT rowid AS key, -rank AS rank, highlight(passage_texts, 0, '${BEGIN}', '${END}') AS text
  FROM passage_texts WHERE passage_texts MATCH ? ORDER BY passage_texts.rank LIMIT ?
`;

/**
 * Passages with the whole query unchanged, for signs and for scripts that have no spaces between words. LIKE would look very long for
 * it in a text that is nearly the same.
 */
const LITERAL = `
  SELECT rowid AS key, 1 AS rank, replace(text, ?, '${BEGIN}' || ? || '${END}') AS text
  FROM passage_texts WHERE instr(lower(text), lower(?)) > 0 LIMIT ?
`;

const PLACE = `
  SELECT name, line FROM passages JOIN documents ON documents.key = passages.document WHERE passages.key = ?
`;

interface RankedPassage {
  readonly key: number;
  readonly rank: number;
  /** With marks. */
  readonly text: string;
}

/** Returns the passages that match a query best, the best first. */
export function searchIndex(database: DatabaseSync, query: string, count: number): PassageHit[] {
  return read(database, () => {
    const words = wordsOf(query);
    const ranked = words.length === 0 ? [] : rank(database, words, count);
    const passages = ranked.length === 0 ? findLiteral(database, query, count) : ranked;
    const place = database.prepare(PLACE);
    return passages.flatMap((passage) => describe(passage, place));
  });
}

interface ScoredPassage extends RankedPassage {
  readonly score: number;
}

function describe({ key, text, score }: ScoredPassage, place: StatementSync): PassageHit[] {
  const found = place.get(key) as { readonly name: string; readonly line: number } | undefined;
  if (found === undefined) return [];
  const lines = text.split('\n');
  const best = findBestLine(lines);
  const snippet = text.replaceAll(MARKS, '');
  return [{ snippet, path: found.name, line: found.line + best, score }];
}

const MARKS = new RegExp(`[${BEGIN}${END}]`, 'g');

/** Returns the distinct words of a query, each as FTS5 reads it whatever it contains. */
function wordsOf(query: string): string[] {
  const words = query.toLowerCase().match(/[\p{L}\p{N}\p{Co}\p{M}]+/gu) ?? [];
  return [...new Set(words)].slice(0, MAX_WORDS).map((word) => `"${word}"`);
}

function rank(database: DatabaseSync, words: readonly string[], count: number): ScoredPassage[] {
  const ranked = database.prepare(RANKED).all(words.join(' OR '), count * 3) as unknown as RankedPassage[];
  const best = ranked[0]?.rank ?? 1;
  const shares = measureShares(
    database,
    words,
    ranked.map(({ key }) => key),
  );
  return ranked
    .map((passage) => ({ ...passage, score: scoreOf(shares.get(passage.key) ?? 0, passage.rank / best) }))
    .toSorted((one, other) => other.score - one.score)
    .slice(0, count);
}

/** Puts passages with all words before those with some of them; among passages with as many, the rank decides. */
function scoreOf(share: number, relativeRank: number): number {
  return Math.round(share * (0.5 + 0.5 * Math.min(Math.max(relativeRank, 0), 1)) * 1e4) / 1e4;
}

/** Returns which share of the words each passage has. */
function measureShares(
  database: DatabaseSync,
  words: readonly string[],
  keys: readonly number[],
): ReadonlyMap<number, number> {
  const shares = new Map<number, number>();
  const places = keys.map(() => '?').join(', ');
  const having = database.prepare(
    `SELECT rowid AS key FROM passage_texts WHERE passage_texts MATCH ? AND rowid IN (${places})`,
  );
  for (const word of words) {
    for (const { key } of having.all(word, ...keys) as unknown as { readonly key: number }[]) {
      shares.set(key, (shares.get(key) ?? 0) + 1 / words.length);
    }
  }
  return shares;
}

function findLiteral(database: DatabaseSync, query: string, count: number): ScoredPassage[] {
  // SQLite would end the pattern at a zero; no text that is read has other control characters that one searches for.
  const text = query.replaceAll(/\p{Cc}/gu, ' ').trim();
  if (text === '') return [];
  const found = database.prepare(LITERAL).all(text, text, text, count) as unknown as RankedPassage[];
  return found.map((passage) => ({ ...passage, score: 0.5 }));
}

/** Returns the index of the line with the most different words that match. */
function findBestLine(lines: readonly string[]): number {
  const counts = lines.map((line) => new Set(line.toLowerCase().match(MARKED) ?? []).size);
  return Math.max(counts.indexOf(Math.max(...counts)), 0);
}

const MARKED = new RegExp(`${BEGIN}[^${END}]*${END}`, 'g');
