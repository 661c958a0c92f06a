import { tap } from '../base/async/tap.ts';
import { GatewayError } from '../base/errors.ts';
import type { AnswerBatch, TurnEvent } from '../conversation/turn-event.ts';
import type { Turn } from '../conversation/turn.ts';
import { addUsage, type Usage } from '../conversation/usage.ts';
import { AnswerCutError } from './turn/watch-turn.ts';
import { sizePrompt } from './answer/count-tokens.ts';
import { createEstimate } from './answer/estimate-usage.ts';
import type { Batch } from './answer/stage.ts';

/** Reports the tokens of one answer once, also if nobody reads it to its end. */
export interface AnswerUsage {
  /** Follows a turn of the answer. */
  watch(turn: Turn, batches: AsyncIterable<Batch>): AsyncIterable<Batch>;
  /** Looks for the end of the answer, which has its usage. */
  note(batch: Pick<AnswerBatch, 'events'>): void;
}

/** A turn that the engine has taken and that has not ended. */
interface OpenTurn {
  readonly turn: Turn;
  /** Bytes of what it has brought, as far as they are tokens. */
  bytes: number;
}

/** Bytes of a token, on average. A broken-off answer is not worth a count of its whole conversation. */
const TOKEN_BYTES = 4;

/** @param signal Aborts when the answer is broken off, since the provider reports only what comes to its end. */
export function watchUsage(signal: AbortSignal, report: (usage: Usage) => void): AnswerUsage {
  let isReported = false;
  let ended: Usage | null = null;
  let open: OpenTurn | undefined;

  function follow(turn: Turn, batch: Batch): void {
    if (batch[0]?.type === 'turn-start') open = { turn, bytes: 0 };
    if (open !== undefined) open.bytes += bytesOf(batch);
    const end = batch.at(-1);
    if (end?.type !== 'turn-end') return;
    if (end.usage !== null) ended = addUsage(ended, end.usage);
    else if (open !== undefined) ended = addUsage(ended, estimate(open));
    open = undefined;
  }

  function breakOff(): void {
    // The end of an answer that is cut here comes with its usage.
    if (isReported || signal.reason instanceof AnswerCutError) return;
    isReported = true;
    // A turn that failed before it brought anything cost nothing.
    const isCounted = open !== undefined && (open.bytes > 0 || !(signal.reason instanceof GatewayError));
    const usage = isCounted ? addUsage(ended, estimate(open!)) : ended;
    if (usage !== null) report(usage);
  }

  const aborted = Promise.withResolvers<void>();
  const onAbort = () => aborted.resolve();
  signal.addEventListener('abort', onAbort, { once: true });
  // A continuation belongs to the request that runs this, whatever aborts the signal: a connection that closes belongs to none.
  void aborted.promise.then(breakOff);
  return {
    watch: (turn, batches) => tap(batches, (batch) => follow(turn, batch)),
    note({ events }) {
      const end = events.at(-1);
      if (end?.type !== 'turn-end' || isReported) return;
      isReported = true;
      // Node keeps a signal made of others for as long as somebody listens to it.
      signal.removeEventListener('abort', onAbort);
      if (end.usage !== null) report(end.usage);
    },
  };
}

function estimate({ turn, bytes }: OpenTurn): Usage {
  const tokensOf = (count: number) => Math.ceil(count / TOKEN_BYTES);
  return createEstimate(tokensOf(sizePrompt(turn)), 0, tokensOf(bytes));
}

function bytesOf(events: readonly TurnEvent[]): number {
  let bytes = 0;
  for (const event of events) {
    if (event.type === 'tool-call') bytes += Buffer.byteLength(event.arguments);
    else if (
      event.type === 'text-delta' ||
      event.type === 'commentary-delta' ||
      event.type === 'reasoning-delta'
    )
      bytes += Buffer.byteLength(event.text);
  }
  return bytes;
}
