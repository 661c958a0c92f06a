import { merge, type Merged } from '../../base/async/merge.ts';
import type { Adjustment } from '../../conversation/adjustment.ts';
import type { AnswerEvent, TurnEvent } from '../../conversation/turn-event.ts';

/**
 * Resolves when the engine has taken the conversation for the first of several answers, to the events of all. What is
 * done in another way than asked is added to `told` as it becomes known.
 */
export async function beginAnswers(
  answers: readonly AsyncGenerator<TurnEvent>[],
  told: Adjustment[],
): Promise<AsyncIterable<Merged<AnswerEvent>>> {
  const begun = answers.map((events) => begin(events, told));
  // Nobody waits for those that are left when one fails.
  for (const one of begun) one.catch(() => {});
  // Not all of them: those that run must be read, or they hold the places that the others wait for.
  await Promise.race(begun);
  return merge(begun.map(follow));
}

/** The events of an answer that may still have to begin. */
async function* follow<T>(events: Promise<AsyncIterable<T>>): AsyncGenerator<T> {
  yield* await events;
}

/** Waits until the engine has taken the conversation; what is left is the answer alone. */
async function begin(
  events: AsyncGenerator<TurnEvent>,
  told: Adjustment[],
): Promise<AsyncIterable<AnswerEvent>> {
  for (;;) {
    const { value, done } = await events.next();
    if (done === true) throw new Error('the turn ended before it began');
    tell(value, told);
    if (value.type === 'turn-start') return withoutNotices(events, told);
  }
}

async function* withoutNotices(
  events: AsyncIterable<TurnEvent>,
  told: Adjustment[],
): AsyncGenerator<AnswerEvent> {
  for await (const event of events) {
    tell(event, told);
    if (event.type !== 'turn-start' && event.type !== 'adjustment' && event.type !== 'commentary-delta')
      yield event;
  }
}

function tell(event: TurnEvent, told: Adjustment[]): void {
  if (event.type === 'turn-start') told.push(...event.adjustments);
  else if (event.type === 'adjustment') told.push(event.adjustment);
}
