import { answerTogether } from '../../gateway/answer-together.ts';
import { decodeCompletionRequest } from '../../openai/completions/decode.ts';
import { encodeCompletion, encodeCompletionStream } from '../../openai/completions/encode.ts';
import { createEnvelope } from '../../openai/vocabulary/envelope.ts';
import type { Middleware } from '../requests/context.ts';
import { createAnswers, type AnswerOptions } from './request/answer-request.ts';
import { policyFor } from './request/headers.ts';

/** Answers `POST /v1/completions`. */
export function completions(options: AnswerOptions): Middleware {
  const answers = createAnswers(options);
  return async (ctx) => {
    const policy = policyFor(ctx, options.policy);
    const { model, requests, style, stream, ...notices } = decodeCompletionRequest(ctx.request.body, policy);
    const pending = await answers.begin(ctx, {
      ...notices,
      createHead: () => createEnvelope('cmpl-', model),
      start: (signal, watch) =>
        answerTogether(options.gateway, requests, signal, {
          caller: ctx.state.caller?.id,
          isSeparate: true,
          ...watch,
        }),
    });
    const writing = pending.answer.then((answer) => ({ ...answer, envelope: pending.head }));
    if (stream) await pending.sendStream(encodeCompletionStream(writing, style));
    else await pending.sendJson(encodeCompletion(await writing));
  };
}
