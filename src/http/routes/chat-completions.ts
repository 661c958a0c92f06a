import type { Log } from '../../base/log.ts';
import type { Answer, Gateway } from '../../gateway/gateway.ts';
import { createSharedAnswers } from '../../gateway/shared-answers.ts';
import { decodeChatRequest, type ChatPolicy } from '../../openai/chat/decode.ts';
import { encodeChatCompletion } from '../../openai/chat/encode-completion.ts';
import { encodeChatStream } from '../../openai/chat/encode-stream.ts';
import { createEnvelope, type Envelope } from '../../openai/chat/envelope.ts';
import { encodeNotices } from '../../openai/notice-headers.ts';
import { encodeLimits } from '../../openai/limit-headers.ts';
import type { Context, Middleware } from '../context.ts';
import { readIdempotency } from '../idempotency.ts';
import type { KeepAliveTimes } from '../keep-alive-times.ts';
import { logError } from '../middleware/report-errors.ts';
import { sendStream } from '../send-stream.ts';
import { sendWhole } from '../send-whole.ts';

export interface ChatCompletionsOptions {
  readonly gateway: Gateway;
  readonly log: Log;
  readonly policy: ChatPolicy;
  readonly keepAlive: KeepAliveTimes;
  /** Milliseconds that a client may take to read what was written. */
  readonly stallLimit: number;
}

/** `POST /v1/chat/completions` */
export function chatCompletions(options: ChatCompletionsOptions): Middleware {
  const { gateway, log, policy, keepAlive, stallLimit } = options;
  const shared = createSharedAnswers<Answer & { readonly envelope: Envelope }>();
  return async (ctx) => {
    const { signal, requestId } = ctx.state;
    const chat = decodeChatRequest(ctx.request.body, { ...policy, strict: policy.strict || asksStrict(ctx) });
    const { request, style, compatibility, partNames } = chat;
    const notices = (adjustments: Answer['adjustments']) =>
      encodeNotices(
        { ignored: compatibility.ignored, adjustments: [...compatibility.adjustments, ...adjustments] },
        partNames,
      );
    // An error has them, too.
    ctx.set(notices([]));
    const start = async (signal: AbortSignal) => ({
      ...(await gateway.answer(request, signal)),
      envelope: createEnvelope(request.turn.model),
    });
    const again = readIdempotency(ctx);
    let opened: Answer | undefined;
    async function open() {
      const answer = await (again ? shared.join({ ...again, start }, signal) : start(signal));
      opened = answer;
      return answer;
    }
    const sending = {
      stallLimit,
      headers: () => ({
        ...encodeLimits(gateway.limits()),
        ...notices(opened?.adjustments ?? []),
      }),
      onError: (error: unknown) => logError(log, requestId, error),
    };
    if (chat.stream)
      await sendStream(ctx, { ...sending, keepAlive, stream: encodeChatStream(open(), style) });
    else await sendWhole(ctx, { ...sending, ...keepAlive, body: encodeChatCompletion(await open(), style) });
  };
}

/** A request may ask for more strictness than the set-up, not for less. */
function asksStrict(ctx: Context): boolean {
  return ['1', 'true'].includes(ctx.get('x-codex-gateway-strict'));
}
