import type { Tokenizer } from '../../conversation/ports/tokenizer.ts';
import { isCall, type StopReason, type TurnEvent } from '../../conversation/turn-event.ts';
import type { TurnRequest } from '../../conversation/turn-request.ts';
import { createStopCutter } from './stop-cutter.ts';
import { createTokenLimiter } from './token-limiter.ts';

export type CutRules = Pick<TurnRequest, 'stop' | 'maxTokens'>;

/** A piece of an answer's text, as far as it is wanted, and why nothing more is. */
interface Piece {
  readonly text: string;
  readonly reason?: StopReason | undefined;
}

/** Ends an answer where its caller wants it to end; the turn is left there, and so interrupted. */
export async function* cutAnswer(
  events: AsyncIterable<TurnEvent>,
  rules: CutRules,
  tokenizer: Tokenizer,
  signal: AbortSignal,
): AsyncGenerator<TurnEvent> {
  const cutter = createCutter(rules, tokenizer, signal);
  let end: StopReason | undefined;
  for await (const event of events) {
    const { text, reason } = await cutter.cut(event);
    if (text !== '') yield { type: 'text-delta', text };
    end = reason;
    if (end !== undefined) break;
    if (event.type !== 'text-delta') yield event;
  }
  // Only now: whoever reads on may take his time, and the turn must not run on meanwhile.
  if (end !== undefined) yield { type: 'turn-end', reason: end, isComplete: false, usage: null };
}

function createCutter({ stop, maxTokens }: CutRules, tokenizer: Tokenizer, signal: AbortSignal) {
  const stops = createStopCutter(stop);
  const limiter = maxTokens === undefined ? undefined : createTokenLimiter(maxTokens, tokenizer, signal);

  async function limit(text: string, reason?: StopReason): Promise<Piece> {
    if (limiter === undefined) return { text, reason };
    const limited = await limiter.push(text);
    return limited.over ? { text: limited.text, reason: 'length' } : { text, reason };
  }

  return {
    /** The text that goes out with an event, or before it. */
    async cut(event: TurnEvent): Promise<Piece> {
      if (event.type === 'text-delta') {
        const { text, stopped } = stops.push(event.text);
        return await limit(text, stopped ? 'stop' : undefined);
      }
      const ends = isCall(event) || event.type === 'turn-end';
      return ends ? await limit(stops.flush()) : { text: '' };
    },
  };
}
