import { answerTogether } from '../../gateway/answer/answer-together.ts';
import { decodeCompletionRequest } from '../../openai/completions/decode.ts';
import { encodeCompletion, encodeCompletionStream } from '../../openai/completions/encode.ts';
import { createEnvelope, type Envelope } from '../../openai/vocabulary/envelope.ts';
import { createAnswering, type AnsweringOptions } from '../edge/answering.ts';
import type { Middleware } from '../requests/context.ts';

/** `POST /v1/completions` */
export function completions(options: AnsweringOptions): Middleware {
  const { policyFor, begin } = createAnswering<Envelope>(options);
  return async (ctx) => {
    const { model, requests, style, stream, ...told } = decodeCompletionRequest(
      ctx.request.body,
      policyFor(ctx),
    );
    const { head, answer, sendStream, sendWhole } = await begin(ctx, {
      ...told,
      createHead: () => createEnvelope('cmpl-', model),
      start: (signal, onPlace) => answerTogether(options.gateway, requests, signal, onPlace),
    });
    const writing = answer.then((begun) => ({ ...begun, envelope: head }));
    if (stream) await sendStream(encodeCompletionStream(writing, style));
    else await sendWhole(encodeCompletion(await writing));
  };
}
