/** An order to the scripted model, written into the text of a request: each answer shows whose it is. */
export interface Directive {
  /** Unique in a run. */
  readonly id: string;
  /** Pieces of the answer. */
  readonly pieces: number;
  /** Milliseconds between two pieces. */
  readonly pauseMs: number;
  /** Messages of the user that the model must be shown, this one included. */
  readonly history: number;
  /** Something else that the model must be shown, or has to do before it answers. */
  readonly with: 'text' | 'image' | 'tool';
}

const PATTERN = /chaos<([a-z0-9-]+) (\d+) (\d+) (\d+) (text|image|tool)>/;

export function writeDirective({ id, pieces, pauseMs, history, with: what }: Directive): string {
  return `chaos<${id} ${pieces} ${pauseMs} ${history} ${what}>`;
}

export function readDirective(text: string): Directive | undefined {
  const [, id, pieces, pauseMs, history, what] = PATTERN.exec(text) ?? [];
  if (id === undefined) return undefined;
  return {
    id,
    pieces: Number(pieces),
    pauseMs: Number(pauseMs),
    history: Number(history),
    with: what as Directive['with'],
  };
}

/** Returns the pieces of the answer that a directive asks for. */
export function piecesOf({ id, pieces }: Pick<Directive, 'id' | 'pieces'>): string[] {
  return Array.from({ length: pieces }, (_, index) => `${id}.${index} `);
}
