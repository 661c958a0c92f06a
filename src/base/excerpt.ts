const MAX_LENGTH = 100;

/** Characters that somebody reads of a message; a longer one is a mistake or an attack. */
export const SCREENFUL = 2_000;

/** Someone else's text as an error may quote it: its beginning. */
export function excerpt(text: string, maxLength = MAX_LENGTH): string {
  return text.length <= maxLength ? text : `${text.slice(0, maxLength).toWellFormed()}…`;
}
