import {
  callEvents,
  encodeEvents,
  LAST_RESULT,
  textEvents,
  type AnswerEvent,
  type AnswerKind,
} from './answers.ts';

/** A part of an answer that is sent at once, and the time before it. */
export interface Piece {
  readonly afterMs: number;
  /** As server-sent events. */
  readonly bytes: Buffer;
  /** The same events, each as a message of a WebSocket. */
  readonly messages: readonly string[];
}

/** Returns the pieces of the answer to a request with this body. */
export type Script = (body: Buffer) => readonly Piece[];

/** Creates a script whose answers are made beforehand, so that the provider costs next to nothing. */
export function createScript(kind: AnswerKind): Script {
  if (kind.type === 'call') return createCallScript();
  const { head, deltas, tail } = textEvents(kind.deltas);
  if (kind.type === 'text') {
    const pieces = [createPiece([...head, ...deltas, ...tail])];
    return () => pieces;
  }
  const [first, ...others] = deltas;
  const pieces = [
    createPiece([...head, first!]),
    ...others.map((delta) => createPiece([delta], kind.gapMs)),
    createPiece(tail),
  ];
  return () => pieces;
}

function createCallScript(): Script {
  const { head, deltas, tail } = textEvents(20);
  const text = [createPiece([...head, ...deltas, ...tail])];
  let calls = 0;
  return (body) => {
    if (body.includes(LAST_RESULT)) return text;
    calls += 1;
    return [createPiece(callEvents(`call_${calls}`))];
  };
}

export function createPiece(events: readonly AnswerEvent[], afterMs = 0): Piece {
  return { afterMs, bytes: encodeEvents(events), messages: events.map((event) => JSON.stringify(event)) };
}
