import { runInSlices } from '../../base/async/steps.ts';
import { decodeChatRequest } from '../../openai/chat/decode.ts';
import { encodeChatCompletion } from '../../openai/chat/encode-completion.ts';
import { encodeChatStream } from '../../openai/chat/encode-stream.ts';
import { createEnvelope } from '../../openai/vocabulary/envelope.ts';
import type { Middleware } from '../requests/context.ts';
import { createAnswers, type AnswerOptions } from './request/answer-request.ts';
import { policyFor } from './request/headers.ts';

/** Answers `POST /v1/chat/completions`. */
export function chatCompletions(options: AnswerOptions): Middleware {
  const answers = createAnswers(options);
  return async (ctx) => {
    const decoding = decodeChatRequest(ctx.request.body, policyFor(ctx, options.policy));
    const { request, style, stream, ...notices } = await runInSlices(decoding, ctx.state.signal);
    const pending = await answers.begin(ctx, {
      ...notices,
      createHead: () => createEnvelope('chatcmpl-', request.turn.model),
      start: (signal, watch) =>
        options.gateway.answer(request, signal, { caller: ctx.state.caller?.id, ...watch }),
    });
    const writing = pending.answer.then((answer) => ({ ...answer, envelope: pending.head }));
    if (stream) await pending.sendStream(encodeChatStream(writing, style));
    else await pending.sendJson(encodeChatCompletion(await writing, style));
  };
}
