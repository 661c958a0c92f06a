import { abortOnReturn } from '../base/async/abort-on-return.ts';
import { merge } from '../base/async/merge.ts';
import type { AnswerBatch } from '../conversation/turn-event.ts';
import type { TurnRequest } from '../conversation/turn-request.ts';
import { checkAnswerCount } from './answer/several-answers.ts';
import type { Answer, Asker, Gateway } from './gateway.ts';

/**
 * Answers requests that differ only in their conversation side by side, as if they were one, whose answers are numbered
 * request by request. Resolves when the engine has taken the first of the conversations; one that fails ends them all.
 */
export async function answerTogether(
  gateway: Pick<Gateway, 'answer' | 'maxAnswers' | 'reserve'>,
  requests: readonly TurnRequest[],
  caller: AbortSignal,
  asker: Asker = {},
): Promise<Answer> {
  checkTogether(requests, gateway.maxAnswers);
  const each = requests[0]?.n ?? 1;
  const reserved = gateway.reserve(asker.caller, requests.length * each);
  const asked = { isAsked: false };
  const controller = new AbortController();
  const abort = (reason?: unknown) => controller.abort(reason);
  const signal = AbortSignal.any([caller, controller.signal]);
  const answers = requests.map((request, index) => {
    const reservations = reserved.slice(index * each, (index + 1) * each);
    return gateway.answer(request, signal, { asked, ...asker, reservations });
  });
  // Nobody waits for the others when one fails.
  for (const answer of answers) answer.catch(() => {});
  try {
    // Not for all of them: those that run must be read, or they hold the places that the others wait for.
    const first = await Promise.race(answers);
    const events = answers.map((answer, index) => numbered(answer, index * each));
    return { ...first, events: abortOnReturn(merge(events), abort) };
  } catch (error) {
    abort(error);
    throw error;
  }
}

/** Throws for more answers than fit at once; names the prompts, or the number of answers to each. */
function checkTogether(requests: readonly TurnRequest[], max: number): void {
  const each = requests[0]?.n ?? 1;
  const isByPrompts = each === 1 || requests.length > max;
  checkAnswerCount(requests.length * each, max, isByPrompts ? 'prompt' : 'n');
}

/** Yields the events of an answer, which may still have to begin; numbers its choices from `start`. */
async function* numbered(answer: Promise<Answer>, start: number): AsyncGenerator<AnswerBatch> {
  const { events: batches } = await answer;
  for await (const { index, events } of batches) yield { index: start + index, events };
}
