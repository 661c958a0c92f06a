import type { Tokenizer } from '../conversation/tokenizer.ts';
import type { TurnEvent } from '../conversation/turn-event.ts';
import type { Usage } from '../conversation/usage.ts';

export interface Estimation {
  /** Tokens of what the turn has shown to its model. */
  countPrompt(): Promise<number>;
  readonly tokenizer: Tokenizer;
  readonly signal: AbortSignal;
}

/** Counts the tokens of an answer that was cut: the provider counts only what comes to its own end. */
export async function* estimateUsage(
  events: AsyncIterable<TurnEvent>,
  estimation: Estimation,
): AsyncGenerator<TurnEvent> {
  let thoughts = '';
  let said = '';
  for await (const event of events) {
    if (event.type === 'reasoning-delta') thoughts += event.text;
    else if (event.type === 'text-delta') said += event.text;
    else if (event.type === 'tool-call') said += event.name + event.arguments;
    else if (event.type === 'turn-end' && !event.whole && event.usage === null) {
      yield { ...event, usage: await estimate(thoughts, said, estimation) };
      continue;
    }
    yield event;
  }
}

/** Null where the texts cannot be counted: the answer is there all the same. */
async function estimate(
  thoughts: string,
  said: string,
  { countPrompt, tokenizer, signal }: Estimation,
): Promise<Usage | null> {
  try {
    return createEstimate(
      await countPrompt(),
      await tokenizer.count([thoughts], signal),
      await tokenizer.count([said], signal),
    );
  } catch {
    signal.throwIfAborted();
    return null;
  }
}

function createEstimate(inputTokens: number, reasoningTokens: number, textTokens: number): Usage {
  const outputTokens = reasoningTokens + textTokens;
  return {
    inputTokens,
    cachedInputTokens: 0,
    cacheWriteInputTokens: 0,
    outputTokens,
    reasoningTokens,
    totalTokens: inputTokens + outputTokens,
    estimated: true,
  };
}
