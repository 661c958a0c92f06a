import type { Answer, Gateway } from '../../../gateway/gateway.ts';
import type { IdempotencyKeys } from '../../../gateway/state/idempotency-keys.ts';
import {
  createSharedAnswers,
  type StartWatch,
  type Subscription,
} from '../../../gateway/state/shared-answers.ts';
import type { Policy } from '../../../openai/request/policy.ts';
import type { FrameStream } from '../../../openai/vocabulary/sse-frame.ts';
import type { KeepAliveTimes } from '../../edge/keep-alive.ts';
import { sendJson, type EncodeFailure } from '../../edge/send-json.ts';
import { sendStream } from '../../edge/send-stream.ts';
import type { Context } from '../../requests/context.ts';
import { announceNotices, limitHeaders, noticeHeaders, type RequestNotices } from './headers.ts';
import { readIdempotency } from './idempotency.ts';

export interface AnswerOptions {
  readonly gateway: Gateway;
  readonly keys: IdempotencyKeys;
  readonly policy: Policy;
  readonly keepAlive: KeepAliveTimes;
  /** Time for which a client may read nothing before it counts as gone. */
  readonly stallLimitMs: number;
}

/** A decoded request, in the form that all contracts share. `Head` is the contract's beginning of an answer, such as its id. */
interface PreparedRequest<Head> extends RequestNotices {
  createHead(): Head;
  /** Asks the model. */
  start(signal: AbortSignal, watch: StartWatch): Promise<Answer>;
}

/** An answer that is under way, and the two ways to send it. */
interface PendingAnswer<Head> extends Pick<Subscription<Head, Answer>, 'head' | 'answer' | 'outlivesReader'> {
  sendStream(stream: FrameStream): Promise<void>;
  /** Without `encodeFailure`, a failure after the status was sent breaks the connection. */
  sendJson(body: Promise<object>, encodeFailure?: EncodeFailure): Promise<void>;
}

/** Sends answers with the headers and keep-alives that all routes of this surface share. */
export interface Answers {
  /** Starts an answer, or subscribes to that of the same request sent before with the same `Idempotency-Key`. */
  begin<Head>(ctx: Context, request: PreparedRequest<Head>): Promise<PendingAnswer<Head>>;
  /** Sends a stream that belongs to an earlier request. */
  sendStream(ctx: Context, stream: FrameStream): Promise<void>;
}

export function createAnswers({ gateway, keys, keepAlive, stallLimitMs }: AnswerOptions): Answers {
  const shared = createSharedAnswers<Answer>(keys);

  const createSending = (ctx: Context) => ({
    stallLimitMs,
    headers: () => limitHeaders(gateway, ctx),
    onError: (error: unknown) => ctx.state.record.fail(error),
  });

  async function subscribe<Head>(
    ctx: Context,
    request: PreparedRequest<Head>,
  ): Promise<Subscription<Head, Answer>> {
    const idempotency = await readIdempotency(ctx);
    const { signal } = ctx.state;
    return idempotency === undefined
      ? startUnshared(request, signal)
      : shared.subscribe({ ...idempotency, ...request }, signal);
  }

  return {
    sendStream(ctx, stream) {
      ctx.state.record.note({ stream: true });
      return sendStream(ctx, { ...createSending(ctx), keepAlive, stream });
    },
    async begin(ctx, request) {
      const { record } = ctx.state;
      announceNotices(ctx, request);
      const { answer: shared, admitted, ...subscription } = await subscribe(ctx, request);
      let laterAdjustments: Answer['adjustments'] = [];
      const answer = record.watch(shared).then((started) => {
        laterAdjustments = started.adjustments;
        return started;
      });
      const sending = createSending(ctx);
      const headers = () => ({ ...sending.headers(), ...noticeHeaders(request, laterAdjustments) });
      return {
        ...subscription,
        answer,
        sendStream(stream) {
          record.note({ stream: true });
          return sendStream(ctx, { ...sending, headers, keepAlive, admitted, stream });
        },
        sendJson(body, encodeFailure) {
          record.note({ stream: false });
          return sendJson(ctx, { ...sending, headers, ...keepAlive, body, encodeFailure });
        },
      };
    },
  };
}

/** Starts an answer that no other request can subscribe to. */
function startUnshared<Head>(
  request: PreparedRequest<Head>,
  signal: AbortSignal,
): Subscription<Head, Answer> {
  const { promise: admitted, resolve: onAdmitted } = Promise.withResolvers<void>();
  const answer = request.start(signal, { onAdmitted, asked: { isAsked: false } });
  return { head: request.createHead(), answer, admitted, outlivesReader: () => false };
}
