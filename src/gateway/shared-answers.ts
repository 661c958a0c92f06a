import { abortable } from '../base/abort.ts';
import { GatewayError } from '../base/errors.ts';
import type { Merged } from '../base/merge.ts';
import { MAX_ANSWER, sizeOf, type AnswerEvent } from '../conversation/turn-event.ts';
import { createReplay, type Replay } from '../base/replay.ts';

/** Something with an answer's events in it. */
interface Shareable {
  readonly events: AsyncIterable<Merged<AnswerEvent>>;
}

interface SharedRequest<H, A extends Shareable> {
  /** By which its caller knows the request again. */
  readonly key: string;
  /** Tells two requests apart. */
  readonly fingerprint: string;
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

/** Milliseconds for which a key stands for an answer after its end. */
export const KEPT = 60_000;

/** Answers that are kept after their end, and the characters of all of them. */
const MAX_KEPT = 100;
const MAX_KEPT_SIZE = MAX_ANSWER;

interface Entry<H, A> {
  readonly fingerprint: string;
  readonly head: H;
  readonly placed: Promise<void>;
  readonly started: Promise<{ answer: A; replay: Replay<Merged<AnswerEvent>> }>;
  readonly left: AbortController;
  readers: number;
  /** Of an answer that has ended, in characters. */
  size: number | undefined;
}

export function createSharedAnswers<H, A extends Shareable>(): SharedAnswers<H, A> {
  const entries = new Map<string, Entry<H, A>>();

  function forget(key: string, entry: Entry<H, A>): void {
    if (entries.get(key) === entry) entries.delete(key);
  }

  function start({ key, fingerprint, createHead, start }: SharedRequest<H, A>): Entry<H, A> {
    const left = new AbortController();
    const { promise: placed, resolve: onPlace } = Promise.withResolvers<void>();
    const started = start(left.signal, onPlace).then((answer) => ({ answer, replay: record(answer) }));
    const head = createHead();
    const entry: Entry<H, A> = { fingerprint, head, placed, started, left, readers: 0, size: undefined };
    entries.set(key, entry);
    void started.then(
      async ({ replay }) => {
        if (!(await replay.ended)) return forget(key, entry);
        entry.size = replay.size;
        setTimeout(() => forget(key, entry), KEPT).unref();
        trim(entries);
      },
      () => forget(key, entry),
    );
    return entry;
  }

  return {
    join(request, signal) {
      signal.throwIfAborted();
      const { key, fingerprint } = request;
      const entry = entries.get(key) ?? start(request);
      if (entry.fingerprint !== fingerprint) {
        throw idempotencyMismatch();
      }
      const outlivesReader = () => entry.readers > 0 || entry.size !== undefined;
      entry.readers += 1;
      signal.addEventListener('abort', () => {
        entry.readers -= 1;
        if (outlivesReader()) return;
        forget(key, entry);
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

/** For a key that stands for another request. */
export function idempotencyMismatch(): GatewayError {
  return new GatewayError(
    'idempotency_mismatch',
    'This Idempotency-Key was sent with another request; send a new key with each request.',
  );
}

function record({ events }: Shareable): Replay<Merged<AnswerEvent>> {
  return createReplay(events, {
    capacity: MAX_ANSWER,
    sizeOf: ({ value }) => sizeOf(value),
    onFull: () => new GatewayError('answer_too_large', `The answer is over ${MAX_ANSWER} characters.`),
  });
}

/** The oldest go first. */
function trim(entries: Map<string, { readonly size: number | undefined }>): void {
  const newestFirst = [...entries].toReversed();
  let count = 0;
  let total = 0;
  for (const [key, { size }] of newestFirst) {
    if (size === undefined) continue;
    count += 1;
    total += size;
    if (count > MAX_KEPT || total > MAX_KEPT_SIZE) entries.delete(key);
  }
}
