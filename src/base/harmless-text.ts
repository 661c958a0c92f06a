import { excerpt } from './excerpt.ts';

/** Characters that move a cursor, end a line, or change the direction or the look of others. */
const CONTROL = /[\p{C}\p{Zl}\p{Zp}]+/gu;

/** Returns a foreign text as one line, in which every character is what it seems to be. */
export function onOneLine(text: string): string {
  return text.replaceAll(CONTROL, ' ');
}

/** Returns a foreign text as one short line, in which every character is what it seems to be. */
export function harmless(text: string, maxLength = 300): string {
  return excerpt(onOneLine(text).trim(), maxLength);
}

/** Returns a foreign text in quotation marks and on one line, so that nothing in it looks like words outside of them. */
export function quoteForeign(text: string, maxLength?: number): string {
  return `"${harmless(text, maxLength).replaceAll('"', "'")}"`;
}
