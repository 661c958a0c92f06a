import type { DiffPart } from './diff/read-diff.ts';

const PIECE_CHARACTERS = 65_536;
/** Characters that a piece shares with the one before: more than the beginning of a secret needs to be recognized. */
const OVERLAP_CHARACTERS = 1_024;

/** Divides a very long line into pieces, each short enough to be searched without a pause. */
export function* inPieces(part: DiffPart): Generator<DiffPart, void, undefined> {
  if (part.kind === 'end' || part.text.length <= PIECE_CHARACTERS) {
    yield part;
    return;
  }
  const step = PIECE_CHARACTERS - OVERLAP_CHARACTERS;
  for (let start = 0; start < part.text.length; start += step) {
    yield { ...part, text: part.text.slice(start, start + PIECE_CHARACTERS) };
  }
}
