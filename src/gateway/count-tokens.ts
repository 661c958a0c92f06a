import type { Tokenizer } from '../conversation/ports/tokenizer.ts';
import type { TurnRequest } from '../conversation/turn-request.ts';
import { createPromptCounter } from './answer/prompt-counter.ts';
import { planFormat } from './answer/require-format.ts';

/** As much of a request as its model gets to see. */
export type CountedRequest = Pick<TurnRequest, 'turn' | 'format'>;

/** Tokens of what a request shows to its model, images left out. The engine itself tells them after a turn only. */
export async function countTokens(
  { turn, format }: CountedRequest,
  tokenizer: Tokenizer,
  signal: AbortSignal,
): Promise<number> {
  const planned = planFormat(turn, format).turn;
  return await createPromptCounter(planned, tokenizer, signal)(planned);
}
