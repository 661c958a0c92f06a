import { abortOnReturn } from '../../base/async/abort-on-return.ts';
import { merge } from '../../base/async/merge.ts';
import { GatewayError } from '../../base/errors.ts';
import type { Adjustment, AnswerBatch, AnswerEvent, TurnEvent } from '../../conversation/turn-event.ts';
import type { Batch } from './stage.ts';

/** One of the answers to a request. */
export interface StartedAnswer {
  readonly batches: AsyncGenerator<Batch>;
  /** Ends all that is under way for it. */
  readonly controller: AbortController;
  /** The room that it has, cancelled here if no turn takes it; it hears when the answer has ended. */
  readonly reservation: { answered(): void; cancel(): void };
}

/**
 * Throws for a request that takes more answers than can run and wait at once: it could never be admitted, however often it
 * came again. `param` names the field that asks for so many.
 */
export function checkAnswerCount(count: number, max: number, param: string): void {
  if (count <= max) return;
  throw new GatewayError(
    'invalid_value',
    `Invalid '${param}': the request takes ${count} answers at once, and at most ${max} fit here (the settings limits.running and limits.waiting together).`,
    { param },
  );
}

/**
 * Resolves when the engine has taken the conversation for the first of the answers, to the events of all. Adjustments are
 * added to the list as they become known. When one answer fails, or their reader leaves, all of them end. `onContinued` is
 * called for an answer that continues an earlier one.
 */
export async function beginAnswers(
  answers: readonly StartedAnswer[],
  adjustments: Adjustment[],
  onContinued?: () => void,
): Promise<AsyncIterable<AnswerBatch>> {
  const abort = (reason?: unknown) => {
    for (const { controller } of answers) controller.abort(reason);
  };
  try {
    const begun = answers.map(
      async ({ batches, reservation }, index) =>
        await begin(batches, { index, adjustments, onContinued, reservation }).finally(reservation.cancel),
    );
    const events = begun.length === 1 ? await begun[0]! : await beginMerged(begun);
    return abortOnReturn(events, abort);
  } catch (error) {
    abort(error);
    for (const { batches } of answers) batches.return(undefined).catch(() => {});
    throw error;
  }
}

async function beginMerged(
  begun: readonly Promise<AsyncIterable<AnswerBatch>>[],
): Promise<AsyncIterable<AnswerBatch>> {
  // Nobody waits for the others when one fails.
  for (const one of begun) one.catch(() => {});
  // Not for all of them: those that run must be read, or they hold the places that the others wait for.
  await Promise.race(begun);
  return merge(begun.map(onceBegun));
}

async function* onceBegun<T>(values: Promise<AsyncIterable<T>>): AsyncGenerator<T> {
  yield* await values;
}

interface BeginOptions {
  readonly index: number;
  readonly adjustments: Adjustment[];
  readonly onContinued: (() => void) | undefined;
  readonly reservation: Pick<StartedAnswer['reservation'], 'answered'>;
}

/** Reads until the engine has taken the conversation; resolves to the answer itself. */
async function begin(
  batches: AsyncGenerator<Batch>,
  { index, adjustments, onContinued, reservation }: BeginOptions,
): Promise<AsyncIterable<AnswerBatch>> {
  for (;;) {
    const { value, done } = await batches.next();
    if (done === true) throw new Error('the turn ended before it began');
    const rest = takeAdjustments(value, adjustments);
    const start = value.find((event) => event.type === 'turn-start');
    if (start === undefined) continue;
    if (start.isContinued) onContinued?.();
    return numbered(rest, batches, { index, adjustments, reservation });
  }
}

/** Yields the events of the answer itself, with its index. */
async function* numbered(
  first: readonly AnswerEvent[],
  batches: AsyncIterable<Batch>,
  { index, adjustments, reservation }: Omit<BeginOptions, 'onContinued'>,
): AsyncGenerator<AnswerBatch> {
  if (first.length > 0) yield { index, events: first };
  for await (const batch of batches) {
    const events = takeAdjustments(batch, adjustments);
    if (events.length > 0) yield { index, events };
  }
  // A caller that leaves, or gives up on a turn that hangs, still counts until Codex has ended the work: to ask again must not
  // gain places.
  reservation.answered();
}

/** Returns the events of the answer itself. */
function takeAdjustments(batch: Batch, adjustments: Adjustment[]): readonly AnswerEvent[] {
  if (batch.every(isAnswerEvent)) return batch;
  for (const event of batch) {
    if (event.type === 'turn-start') adjustments.push(...event.adjustments);
    else if (event.type === 'adjustment') adjustments.push(event.adjustment);
  }
  return batch.filter(isAnswerEvent);
}

function isAnswerEvent(event: TurnEvent): event is AnswerEvent {
  return event.type !== 'turn-start' && event.type !== 'adjustment' && event.type !== 'commentary-delta';
}
