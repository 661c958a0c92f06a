const MAX_LENGTH = 100;

/** A caller's own text as an error may quote it: its beginning. */
export function excerpt(text: string): string {
  return text.length <= MAX_LENGTH ? text : `${text.slice(0, MAX_LENGTH)}…`;
}
