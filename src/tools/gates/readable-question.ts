import { excerpt, MAX_MESSAGE_CHARACTERS } from '../../base/excerpt.ts';

/** Characters that a terminal obeys, that are not seen, or that change the order of others; line feeds may stay. */
const CONTROL = /[^\P{C}\n]+|[\p{Zl}\p{Zp}]+/gu;

/** Returns a question in which every character is what it seems to be: parts of it are arguments, which a model writes. */
export function readableQuestion(question: string): string {
  return excerpt(question.replaceAll(CONTROL, ' '), MAX_MESSAGE_CHARACTERS);
}
