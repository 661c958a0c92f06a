/** Reads the lines of a text one after the other, without making a list of them. */
export interface LineCursor {
  /** The line that comes next, without its line feed; undefined at the end. */
  readonly next: string | undefined;
  /** Returns the line after `next`, or one further on. */
  peek(ahead: number): string | undefined;
  advance(): void;
}

export function createLineCursor(text: string): LineCursor {
  // Starts of the next line and of those that were looked at behind it.
  const starts = [0];

  function read(ahead: number): string | undefined {
    while (starts.length <= ahead + 1) starts.push(startAfter(text, starts.at(-1)!));
    const start = starts[ahead]!;
    if (start >= text.length) return undefined;
    const end = starts[ahead + 1]!;
    return text.slice(start, text[end - 1] === '\n' ? end - 1 : end);
  }

  let next = read(0);
  return {
    get next() {
      return next;
    },
    peek: read,
    advance() {
      starts.shift();
      next = read(0);
    },
  };
}

/** Returns the start of the line after that of an offset. */
function startAfter(text: string, start: number): number {
  const end = text.indexOf('\n', start);
  return end === -1 ? text.length : end + 1;
}
