import type { Log } from '../../base/log.ts';
import type { Gateway } from '../../gateway/gateway.ts';
import { encodeAdjusted } from '../../openai/adjusted-header.ts';
import { decodeChatRequest } from '../../openai/chat/decode.ts';
import { encodeChatCompletion } from '../../openai/chat/encode-completion.ts';
import { encodeChatStream } from '../../openai/chat/encode-stream.ts';
import { createEnvelope } from '../../openai/chat/envelope.ts';
import type { Middleware } from '../context.ts';
import { logError } from '../middleware/report-errors.ts';
import { sendStream } from '../send-stream.ts';

export interface ChatCompletionsOptions {
  readonly gateway: Gateway;
  readonly log: Log;
  /** Milliseconds of silence in a stream until a keep-alive. */
  readonly keepAliveInterval: number;
  /** Milliseconds that a client may take to read what was written. */
  readonly stallLimit: number;
}

/** `POST /v1/chat/completions` */
export function chatCompletions({ gateway, log, ...timing }: ChatCompletionsOptions): Middleware {
  return async (ctx) => {
    const { signal, requestId } = ctx.state;
    const { turn, stream, includeUsage } = decodeChatRequest(ctx.request.body);
    const envelope = createEnvelope(turn.model);
    const { adjustments, events } = await gateway.startTurn(turn, signal);
    ctx.set(encodeAdjusted(adjustments));
    if (!stream) {
      ctx.body = await encodeChatCompletion(events, envelope);
      return;
    }
    await sendStream(ctx, {
      ...encodeChatStream(events, envelope, includeUsage),
      keepAliveInterval: timing.keepAliveInterval,
      stallLimit: timing.stallLimit,
      onError: (error) => logError(log, requestId, error),
    });
  };
}
