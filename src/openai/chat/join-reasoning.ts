import type { TurnEvent } from '../../conversation/turn-event.ts';

/** The text of a piece of reasoning, with the gap before it that parts one paragraph from the next. */
export type JoinReasoning = (delta: Extract<TurnEvent, { type: 'reasoning-delta' }>) => string;

/** For the reasoning of one choice, in its order. */
export function createReasoningJoiner(): JoinReasoning {
  let last: string | undefined;
  return ({ text, paragraph }) => {
    const gap = last === undefined || last === paragraph ? '' : '\n\n';
    last = paragraph;
    return `${gap}${text}`;
  };
}
