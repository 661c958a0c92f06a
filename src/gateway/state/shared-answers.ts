import { explainAsked, type AskedMark } from '../../base/asked-mark.ts';
import { abortable } from '../../base/async/abort.ts';
import { tap } from '../../base/async/tap.ts';
import { GatewayError } from '../../base/errors.ts';
import { MAX_ANSWER_CHARACTERS, sizeOfAll, type AnswerBatch } from '../../conversation/turn-event.ts';
import { createReplay, type Replay } from '../../base/async/replay.ts';
import type { IdempotencyKeys, KeyedRequest } from './idempotency-keys.ts';

/** An answer, as far as it is shared. */
interface Shareable {
  readonly events: AsyncIterable<AnswerBatch>;
}

interface SharedRequest<Head, A extends Shareable> extends KeyedRequest {
  /** Creates what is known of the answer before it begins, such as its id. */
  createHead(): Head;
  /** Asks the model. */
  start(signal: AbortSignal, watch: StartWatch): Promise<A>;
}

/** Hears of the start of an answer. */
export interface StartWatch {
  /** Called when the answer has left the queue. */
  onAdmitted(): void;
  /** Set once the provider may have been asked. */
  readonly asked: AskedMark;
}

/** One reader of an answer, which other requests may read as well. */
export interface Subscription<Head, A> {
  readonly head: Head;
  readonly answer: Promise<A>;
  /** Resolves when the answer has left the queue; never settles for one that is refused. */
  readonly admitted: Promise<void>;
  /** Returns true if the answer still runs to its own end, or has reached it, once this reader is gone. */
  outlivesReader(): boolean;
}

/** Answers that several requests read, because they are one request that was sent again. */
export interface SharedAnswers<A extends Shareable> {
  /**
   * Subscribes to the answer of the key that is running or has ended well a short time ago; starts one if there is none. It
   * runs until it has ended or its last reader is gone. Throws if the key stands for another request.
   */
  subscribe<Head>(request: SharedRequest<Head, A>, signal: AbortSignal): Subscription<Head, A>;
}

interface SharedAnswer<Head, A> {
  readonly head: Head;
  readonly admitted: Promise<void>;
  readonly asked: Readonly<AskedMark>;
  readonly started: Promise<{ answer: A; replay: Replay<AnswerBatch> }>;
  /** Ends the answer. */
  readonly controller: AbortController;
  readers: number;
  /** Set once the answer has ended well. */
  hasEnded: boolean;
}

export function createSharedAnswers<A extends Shareable>(keys: IdempotencyKeys): SharedAnswers<A> {
  function start<Head>({ createHead, start, ...request }: SharedRequest<Head, A>): SharedAnswer<Head, A> {
    const { key } = request;
    const controller = new AbortController();
    const { promise: admitted, resolve: onAdmitted } = Promise.withResolvers<void>();
    const asked = { isAsked: false };
    const started = start(controller.signal, { onAdmitted, asked }).then((answer) => ({
      answer,
      replay: record(answer),
    }));
    const head = createHead();
    const entry: SharedAnswer<Head, A> = {
      head,
      admitted,
      asked,
      started,
      controller,
      readers: 0,
      hasEnded: false,
    };
    keys.hold(request, entry);
    void started.then(
      async ({ replay }) => {
        if (!(await replay.ended)) return keys.forget(key, entry);
        entry.hasEnded = true;
        keys.keep(key, entry, replay.size);
      },
      () => keys.forget(key, entry),
    );
    return entry;
  }

  return {
    subscribe<Head>(request: SharedRequest<Head, A>, signal: AbortSignal) {
      signal.throwIfAborted();
      const { key } = request;
      const entry = keys.find<SharedAnswer<Head, A>>(request) ?? start(request);
      const outlivesReader = () => entry.readers > 0 || entry.hasEnded;
      entry.readers += 1;
      signal.addEventListener('abort', () => {
        entry.readers -= 1;
        if (outlivesReader()) return;
        keys.forget(key, entry);
        entry.controller.abort(signal.reason);
      });
      // The reason of an abort, which the reader sees at once, does not come from the answer.
      const explain = (error: unknown) => explainAsked(error, entry.asked);
      const answer = abortable(entry.started, signal).then(
        (started) => ({
          ...started.answer,
          events: tap(started.replay.read(signal), () => {}, explain),
        }),
        (error: unknown) => {
          throw explain(error);
        },
      );
      return { head: entry.head, answer, admitted: entry.admitted, outlivesReader };
    },
  };
}

function record({ events }: Shareable): Replay<AnswerBatch> {
  return createReplay(events, {
    capacity: MAX_ANSWER_CHARACTERS,
    sizeOf: ({ events }) => sizeOfAll(events),
    onFull: () =>
      new GatewayError('answer_too_large', `The answer is over ${MAX_ANSWER_CHARACTERS} characters.`),
  });
}
