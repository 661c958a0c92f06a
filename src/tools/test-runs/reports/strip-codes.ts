/**
 * Codes by which a terminal moves its cursor or changes colours. No part of one contains the beginning of another, so that the search
 * takes time that grows with the length of a text, whatever it holds.
 */
const CODES =
  // oxlint-disable-next-line no-control-regex -- They are what is looked for.
  /(?:\u001B\[|\u009B)[0-?]*[ -/]*[@-~]|\u001B\][^\u0007\u001B\u009C]*(?:\u0007|\u001B\\|\u009C)|\u001B[ -/]*[0-~]/g;

/** Returns a text without the codes for a terminal. */
export function stripCodes(text: string): string {
  return text.replaceAll(CODES, '');
}
