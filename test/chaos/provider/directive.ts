/** An order to the scripted model, written into the text of a request: each answer shows whose it is. */
export interface Directive {
  /** Unique in a run. */
  readonly id: string;
  /** Pieces of the answer. */
  readonly pieces: number;
  /** Milliseconds between two pieces. */
  readonly pauseMs: number;
}

const PATTERN = /chaos<([a-z0-9-]+) (\d+) (\d+)>/;

export function writeDirective({ id, pieces, pauseMs }: Directive): string {
  return `chaos<${id} ${pieces} ${pauseMs}>`;
}

export function readDirective(text: string): Directive | undefined {
  const [, id, pieces, pauseMs] = PATTERN.exec(text) ?? [];
  return id === undefined ? undefined : { id, pieces: Number(pieces), pauseMs: Number(pauseMs) };
}

/** Returns the pieces of the answer that a directive asks for. */
export function piecesOf({ id, pieces }: Directive): string[] {
  return Array.from({ length: pieces }, (_, index) => `${id}.${index} `);
}
