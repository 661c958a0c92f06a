/** Returns the end of a piece of a text. Both halves of a surrogate pair are in one piece, which may be longer by one. */
export function endOfPiece(text: string, start: number, maxCharacters: number): number {
  const end = Math.min(start + maxCharacters, text.length);
  const isWithinPair =
    isSurrogate(text.charCodeAt(end - 1), 0xd800) && isSurrogate(text.charCodeAt(end), 0xdc00);
  return isWithinPair ? end + 1 : end;
}

/** Returns true if a code unit is one of the 1024 surrogates from `first` on. */
function isSurrogate(code: number, first: number): boolean {
  return code >= first && code < first + 0x400;
}
