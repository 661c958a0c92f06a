import { endOfPiece } from '../../base/end-of-piece.ts';

/** Some lines of a document that are found together. */
export interface Passage {
  /** Number of the first line, from 1 on. */
  readonly line: number;
  readonly text: string;
}

/** Enough for a paragraph, and little enough to be cited whole. */
const MAX_LINES = 12;
const MAX_CHARACTERS = 1_200;

/** Cuts a document where a paragraph or section ends, or where a passage would be too long. Blank lines are left out. */
export function* cutPassages(text: string): Generator<Passage> {
  let lines: string[] = [];
  let characters = 0;
  let first = 1;
  const take = (): Passage[] => {
    const passage = { line: first, text: lines.join('\n') };
    const isEmpty = lines.length === 0;
    lines = [];
    characters = 0;
    return isEmpty ? [] : [passage];
  };
  for (const [index, line] of text.split(/\r\n|\n|\r/).entries()) {
    const isBlank = line.trim() === '';
    const isFull = lines.length === MAX_LINES || characters + line.length > MAX_CHARACTERS;
    if (isBlank || isFull || isHeading(line)) yield* take();
    if (isBlank) continue;
    if (lines.length === 0) first = index + 1;
    if (line.length > MAX_CHARACTERS) {
      yield* cutLine(line, first);
    } else {
      lines.push(line);
      characters += line.length;
    }
  }
  yield* take();
}

function isHeading(line: string): boolean {
  return /^#{1,6} /.test(line);
}

function* cutLine(line: string, number: number): Generator<Passage> {
  for (let start = 0; start < line.length;) {
    const end = endOfPiece(line, start, MAX_CHARACTERS);
    yield { line: number, text: line.slice(start, end) };
    start = end;
  }
}
