import { merge, type Merged } from '../../base/async/merge.ts';
import type { AnswerEvent } from '../../conversation/turn-event.ts';
import type { TurnRequest } from '../../conversation/turn-request.ts';
import { checkAnswers } from './check-answers.ts';
import type { Answer, Gateway } from '../gateway.ts';
import { untilLeft } from './until-left.ts';

/**
 * Answers requests that differ in their conversation alone, side by side, as if they were one: its answers are numbered
 * request by request. Resolves when the engine has taken the first of the conversations; one that fails ends them all.
 * `onPlace` is called when one of them has its place among the turns that run.
 */
export async function answerTogether(
  gateway: Pick<Gateway, 'answer' | 'maxAnswers'>,
  requests: readonly TurnRequest[],
  caller: AbortSignal,
  onPlace?: () => void,
): Promise<Answer> {
  checkTogether(requests, gateway.maxAnswers);
  const left = new AbortController();
  const signal = AbortSignal.any([caller, left.signal]);
  const begun = requests.map((request) => gateway.answer(request, signal, onPlace));
  // Nobody waits for those that are left when one fails.
  for (const one of begun) one.catch(() => {});
  try {
    // Not all of them: those that run must be read, or they hold the places that the others wait for.
    const first = await Promise.race(begun);
    const events = begun.map((answer, index) => numbered(answer, index * requests[index]!.n));
    return { ...first, events: untilLeft(flatten(merge(events)), left) };
  } catch (error) {
    left.abort(error);
    throw error;
  }
}

/** Throws for more answers than fit at once, by naming the prompts or the answers that each of them gets. */
function checkTogether(requests: readonly TurnRequest[], max: number): void {
  const each = requests[0]?.n ?? 1;
  const isByPrompts = each === 1 || requests.length > max;
  checkAnswers(requests.length * each, max, isByPrompts ? 'prompt' : 'n');
}

/** The events of an answer that may still have to begin, whose own numbers go on from `start`. */
async function* numbered(answer: Promise<Answer>, start: number): AsyncGenerator<Merged<AnswerEvent>> {
  const { events } = await answer;
  for await (const { index, value } of events) yield { index: start + index, value };
}

async function* flatten<T>(events: AsyncIterable<{ readonly value: T }>): AsyncGenerator<T> {
  for await (const { value } of events) yield value;
}
