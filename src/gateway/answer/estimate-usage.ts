import type { Tokenizer } from '../../conversation/ports/tokenizer.ts';
import type { TurnEvent } from '../../conversation/turn-event.ts';
import type { Usage } from '../../conversation/usage.ts';

export interface Estimation {
  /** Tokens of what the turn has shown to its model. */
  countPrompt(): Promise<number>;
  readonly tokenizer: Tokenizer;
  readonly signal: AbortSignal;
}

/** Characters of a text that are held for a count that is rarely needed; what is more is counted as it comes. */
const MAX_HELD = 256 * 1024;

/** Counts the tokens of an answer that was cut: the provider counts only what comes to its own end. */
export async function* estimateUsage(
  events: AsyncIterable<TurnEvent>,
  estimation: Estimation,
): AsyncGenerator<TurnEvent> {
  const thoughts = createTally(estimation);
  const said = createTally(estimation);
  for await (const event of events) {
    if (event.type === 'reasoning-delta') thoughts.add(event.text);
    else if (event.type === 'text-delta') said.add(event.text);
    else if (event.type === 'tool-call') said.add(event.name + event.arguments);
    else if (event.type === 'turn-end' && !event.isComplete && event.usage === null) {
      yield { ...event, usage: await estimate(thoughts, said, estimation) };
      continue;
    }
    yield event;
  }
}

/** The tokens of a text that comes in pieces. */
interface Tally {
  add(text: string): void;
  count(): Promise<number>;
}

function createTally({ tokenizer, signal }: Pick<Estimation, 'tokenizer' | 'signal'>): Tally {
  let held = '';
  let counted = Promise.resolve(0);

  async function countMore(before: Promise<number>, text: string): Promise<number> {
    return (await before) + (await tokenizer.count([text], signal));
  }

  return {
    add(text) {
      held += text;
      if (held.length < MAX_HELD) return;
      counted = countMore(counted, held);
      // Nobody may ask.
      counted.catch(() => {});
      held = '';
    },
    count: async () => await countMore(counted, held),
  };
}

/** Null where the texts cannot be counted: the answer is there all the same. */
async function estimate(
  thoughts: Tally,
  said: Tally,
  { countPrompt, signal }: Estimation,
): Promise<Usage | null> {
  try {
    return createEstimate(await countPrompt(), await thoughts.count(), await said.count());
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
