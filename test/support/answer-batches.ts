import { merge } from '../../src/base/async/merge.ts';
import type { AnswerBatch, AnswerEvent } from '../../src/conversation/turn-event.ts';

/** Yields the events of answers side by side, each in a batch of its own. */
export function batchAnswers(
  ...answers: readonly (AsyncIterable<AnswerEvent> | Iterable<AnswerEvent>)[]
): AsyncGenerator<AnswerBatch> {
  return merge(answers.map(batchAnswer));
}

async function* batchAnswer(
  events: AsyncIterable<AnswerEvent> | Iterable<AnswerEvent>,
  index: number,
): AsyncGenerator<AnswerBatch> {
  for await (const event of events) yield { index, events: [event] };
}

/** Yields the events of batches one by one, each with the index of its answer. */
export async function* unbatch(
  batches: AsyncIterable<AnswerBatch>,
): AsyncGenerator<{ readonly index: number; readonly value: AnswerEvent }> {
  for await (const { index, events } of batches) {
    for (const value of events) yield { index, value };
  }
}

/** Splits a list into batches of the sizes; what is left is the last batch. */
export function splitInto<T>(list: readonly T[], sizes: readonly number[]): T[][] {
  const batches: T[][] = [];
  let start = 0;
  for (const size of [...sizes, list.length]) {
    if (start < list.length) batches.push(list.slice(start, start + size));
    start += size;
  }
  return batches;
}
