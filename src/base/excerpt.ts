const MAX_LENGTH = 100;

/** Maximum characters of a message that is worth showing; anything longer is a mistake or an attack. */
export const MAX_MESSAGE_CHARACTERS = 2_000;

/** Returns the beginning of a foreign text, short enough to quote in an error. */
export function excerpt(text: string, maxLength = MAX_LENGTH): string {
  return text.length <= maxLength ? text : `${text.slice(0, maxLength).toWellFormed()}…`;
}

/** Returns the beginning of a foreign text in one line, without characters that would change how what is around it is shown. */
export function showable(text: string): string {
  return excerpt(text).replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, '\u{FFFD}');
}
