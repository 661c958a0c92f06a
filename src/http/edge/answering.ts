import type { Answer, Gateway } from '../../gateway/gateway.ts';
import type { IdempotencyKeys } from '../../gateway/state/idempotency-keys.ts';
import { createSharedAnswers, type Joined } from '../../gateway/state/shared-answers.ts';
import type { Compatibility } from '../../openai/request/compatibility.ts';
import type { FrameStream } from '../../openai/vocabulary/frame-stream.ts';
import { encodeLimits } from '../../openai/vocabulary/limit-headers.ts';
import { encodeNotices, type PartNames } from '../../openai/request/notice-headers.ts';
import type { Policy } from '../../openai/request/policy.ts';
import type { Context } from '../requests/context.ts';
import { readIdempotency } from '../requests/idempotency.ts';
import type { KeepAliveTimes } from './keep-alive-times.ts';
import { policyFor } from '../requests/policy-for.ts';
import { sendStream } from './send-stream.ts';
import { sendWhole, type EncodeFailure } from './send-whole.ts';

export interface AnsweringOptions {
  readonly gateway: Gateway;
  readonly keys: IdempotencyKeys;
  readonly policy: Policy;
  readonly keepAlive: KeepAliveTimes;
  /** Milliseconds that a client may take to read what was written. */
  readonly stallLimit: number;
}

/** What there is to tell of a decoded request. */
interface Told {
  /** What was left out, or will be done in another way. */
  readonly compatibility: Compatibility;
  /** What the caller's body calls the parts of the turn request. */
  readonly partNames: PartNames;
}

/** A decoded request, as far as it is the same under every contract. */
interface Asked<H> extends Told {
  /** What is known of the answer before it begins. */
  createHead(): H;
  /** `onPlace` is to be called when the answer has its place among the turns that run. */
  start(signal: AbortSignal, onPlace: () => void): Promise<Answer>;
}

/** An answer on its way to the client. */
interface Begun<H> extends Joined<H, Answer> {
  sendStream(stream: FrameStream): Promise<void>;
  /** `encodeFailure` as `sendWhole` takes it. */
  sendWhole(body: Promise<object>, encodeFailure?: EncodeFailure): Promise<void>;
}

/** What the routes that ask a model have in common: strictness, `Idempotency-Key`, notices, sending. */
export interface Answering<H> {
  policyFor(ctx: Context): Policy;
  /** Sets the headers that tell what of a request is left out or done in another way. */
  announce(ctx: Context, asked: Told): void;
  /** Begins the answer, or joins that of the same request sent before. */
  begin(ctx: Context, asked: Asked<H>): Promise<Begun<H>>;
  /** Of an answer that this request has not begun. */
  sendStream(ctx: Context, stream: FrameStream): Promise<void>;
}

export function createAnswering<H>(options: AnsweringOptions): Answering<H> {
  const { gateway, keys, policy, keepAlive, stallLimit } = options;
  const shared = createSharedAnswers<H, Answer>(keys);
  const createSending = (ctx: Context) => ({
    stallLimit,
    headers: () => encodeLimits(gateway.limits()),
    onError: (error: unknown) => ctx.state.record.fail(error),
  });
  return {
    sendStream(ctx, stream) {
      ctx.state.record.note({ stream: true });
      return sendStream(ctx, { ...createSending(ctx), keepAlive, stream });
    },
    policyFor: (ctx) => policyFor(ctx, policy),
    announce(ctx, asked) {
      ctx.state.record.noteNotices(asked.compatibility, asked.partNames);
      ctx.set(noticesOf(asked));
    },
    async begin(ctx, asked) {
      const { signal, record } = ctx.state;
      record.noteNotices(asked.compatibility, asked.partNames);
      // An error has them, too.
      ctx.set(noticesOf(asked));
      const again = await readIdempotency(ctx);
      const { head, answer, placed, outlivesReader } = again
        ? shared.join({ ...again, ...asked }, signal)
        : startOwn(asked, signal);
      let adjustments: Answer['adjustments'] = [];
      const opened = record.watch(answer).then((begun) => {
        ({ adjustments } = begun);
        return begun;
      });
      const sending = createSending(ctx);
      const headers = () => ({ ...sending.headers(), ...noticesOf(asked, adjustments) });
      return {
        head,
        answer: opened,
        placed,
        outlivesReader,
        sendStream(stream) {
          record.note({ stream: true });
          return sendStream(ctx, { ...sending, headers, keepAlive, placed, stream });
        },
        sendWhole(body, encodeFailure) {
          record.note({ stream: false });
          return sendWhole(ctx, { ...sending, headers, ...keepAlive, body, encodeFailure });
        },
      };
    },
  };
}

/** Begins an answer for one reader. */
function startOwn<H>(asked: Asked<H>, signal: AbortSignal): Joined<H, Answer> {
  const { promise: placed, resolve: onPlace } = Promise.withResolvers<void>();
  const answer = asked.start(signal, onPlace);
  return { head: asked.createHead(), answer, placed, outlivesReader: () => false };
}

function noticesOf(
  { compatibility, partNames }: Told,
  further: Answer['adjustments'] = [],
): Record<string, string> {
  const { ignored, adjustments } = compatibility;
  return encodeNotices({ ignored, adjustments: [...adjustments, ...further] }, partNames);
}
