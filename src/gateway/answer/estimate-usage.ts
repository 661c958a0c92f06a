import type { Tokenizer } from '../../conversation/ports/tokenizer.ts';
import type { TurnEnd } from '../../conversation/turn-event.ts';
import type { Usage } from '../../conversation/usage.ts';
import type { Batch, EventStage } from './stage.ts';

export interface Estimation {
  /** Resolves to the tokens of the conversation and tools that the model has seen. */
  countPrompt(): Promise<number>;
  readonly tokenizer: Tokenizer;
  readonly signal: AbortSignal;
}

/** Maximum number of pieces that are not joined yet. */
const MAX_PIECES = 64;

/** Maximum characters of a piece that waits for others. */
const MAX_PIECE_CHARACTERS = 1024;

/** Maximum characters of a text that are held for a count that is rarely needed; the rest is counted as it comes. */
const MAX_HELD_CHARACTERS = 256 * 1024;

/** Adds an estimate of its tokens to an answer that was cut: the provider counts only answers that come to their own end. */
export function estimateUsage(estimation: Estimation): EventStage {
  const reasoning = createTally(estimation);
  const text = createTally(estimation);

  async function complete(batch: Batch, end: TurnEnd): Promise<Batch> {
    return [...batch.slice(0, -1), { ...end, usage: await estimate(reasoning, text, estimation) }];
  }

  return (batch) => {
    for (const event of batch) {
      if (event.type === 'reasoning-delta') reasoning.add(event.text);
      else if (event.type === 'text-delta') text.add(event.text);
      else if (event.type === 'tool-call') text.add(event.name + event.arguments);
    }
    const last = batch.at(-1);
    return last?.type === 'turn-end' && !last.isComplete && last.usage === null
      ? complete(batch, last)
      : batch;
  };
}

/** Counts the tokens of a text that comes in pieces. */
interface Tally {
  add(text: string): void;
  count(): Promise<number>;
}

function createTally({ tokenizer, signal }: Pick<Estimation, 'tokenizer' | 'signal'>): Tally {
  /** The text that is not counted yet; its last pieces lie beside it. */
  let held = '';
  let pieces: string[] = [];
  let counted = Promise.resolve(0);

  async function countMore(before: Promise<number>, text: string): Promise<number> {
    return (await before) + (await tokenizer.count([text], signal));
  }

  /** Joins the pieces: as long as they are small, they take several times the memory of their text. */
  function join(): void {
    held += pieces.join('');
    pieces = [];
    if (held.length < MAX_HELD_CHARACTERS) return;
    counted = countMore(counted, held);
    // The count may never be asked for.
    counted.catch(() => {});
    held = '';
  }

  return {
    add(text) {
      pieces.push(text);
      if (pieces.length >= MAX_PIECES || text.length > MAX_PIECE_CHARACTERS) join();
    },
    async count() {
      join();
      return await countMore(counted, held);
    },
  };
}

/** Resolves to null if the texts cannot be counted: the answer is good without. */
async function estimate(
  reasoning: Tally,
  text: Tally,
  { countPrompt, signal }: Estimation,
): Promise<Usage | null> {
  try {
    return createEstimate(await countPrompt(), await reasoning.count(), await text.count());
  } catch {
    signal.throwIfAborted();
    return null;
  }
}

export function createEstimate(inputTokens: number, reasoningTokens: number, textTokens: number): Usage {
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
