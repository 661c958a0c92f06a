import { abortable } from '../../base/async/abort.ts';
import { GatewayError } from '../../base/errors.ts';
import type { Merged } from '../../base/async/merge.ts';
import { MAX_ANSWER_CHARACTERS, sizeOf, type AnswerEvent } from '../../conversation/turn-event.ts';
import { createReplay, type Replay } from '../../base/async/replay.ts';
import type { IdempotencyKeys, KeyedRequest } from './idempotency-keys.ts';

/** Something with an answer's events in it. */
interface Shareable {
  readonly events: AsyncIterable<Merged<AnswerEvent>>;
}

interface SharedRequest<H, A extends Shareable> extends KeyedRequest {
  /** What is known of the answer before it begins. */
  createHead(): H;
  /** `onPlace` is to be called when the answer has its place among the turns that run. */
  start(signal: AbortSignal, onPlace: () => void): Promise<A>;
}

export interface Joined<H, A> {
  readonly head: H;
  readonly answer: Promise<A>;
  /** Settles when the answer has its place among the turns that run; never, where it gets none. */
  readonly placed: Promise<void>;
  /** Once this reader is gone: whether the answer still comes to its own end, or has done so. */
  outlivesReader(): boolean;
}

/** Answers that several requests read, because they are one request that was sent again. */
export interface SharedAnswers<H, A extends Shareable> {
  /**
   * Joins the answer of the key that is under way or has ended well of late, else starts one. It goes on until it has
   * ended or its last reader is gone. Throws where the key stands for another request.
   */
  join(request: SharedRequest<H, A>, signal: AbortSignal): Joined<H, A>;
}

interface Entry<H, A> {
  readonly head: H;
  readonly placed: Promise<void>;
  readonly started: Promise<{ answer: A; replay: Replay<Merged<AnswerEvent>> }>;
  readonly left: AbortController;
  readers: number;
  /** Set once the answer has ended well. */
  hasEnded: boolean;
}

export function createSharedAnswers<H, A extends Shareable>(keys: IdempotencyKeys): SharedAnswers<H, A> {
  function start({ createHead, start, ...request }: SharedRequest<H, A>): Entry<H, A> {
    const { key } = request;
    const left = new AbortController();
    const { promise: placed, resolve: onPlace } = Promise.withResolvers<void>();
    const started = start(left.signal, onPlace).then((answer) => ({ answer, replay: record(answer) }));
    const head = createHead();
    const entry: Entry<H, A> = { head, placed, started, left, readers: 0, hasEnded: false };
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
    join(request, signal) {
      signal.throwIfAborted();
      const { key } = request;
      const entry = keys.find<Entry<H, A>>(request) ?? start(request);
      const outlivesReader = () => entry.readers > 0 || entry.hasEnded;
      entry.readers += 1;
      signal.addEventListener('abort', () => {
        entry.readers -= 1;
        if (outlivesReader()) return;
        keys.forget(key, entry);
        entry.left.abort(signal.reason);
      });
      const answer = abortable(entry.started, signal).then((started) => ({
        ...started.answer,
        events: started.replay.read(signal),
      }));
      return { head: entry.head, answer, placed: entry.placed, outlivesReader };
    },
  };
}

function record({ events }: Shareable): Replay<Merged<AnswerEvent>> {
  return createReplay(events, {
    capacity: MAX_ANSWER_CHARACTERS,
    sizeOf: ({ value }) => sizeOf(value),
    onFull: () =>
      new GatewayError('answer_too_large', `The answer is over ${MAX_ANSWER_CHARACTERS} characters.`),
  });
}
