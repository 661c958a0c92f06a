import { runInSlices } from '../../base/async/steps.ts';
import { decodeChatRequest } from '../../openai/chat/decode.ts';
import { encodeChatCompletion } from '../../openai/chat/encode-completion.ts';
import { encodeChatStream } from '../../openai/chat/encode-stream.ts';
import { createEnvelope, type Envelope } from '../../openai/vocabulary/envelope.ts';
import { createAnswering, type AnsweringOptions } from '../edge/answering.ts';
import type { Middleware } from '../requests/context.ts';

/** `POST /v1/chat/completions` */
export function chatCompletions(options: AnsweringOptions): Middleware {
  const { policyFor, begin } = createAnswering<Envelope>(options);
  return async (ctx) => {
    const decoding = decodeChatRequest(ctx.request.body, policyFor(ctx));
    const { request, style, stream, ...told } = await runInSlices(decoding, ctx.state.signal);
    const { head, answer, sendStream, sendWhole } = await begin(ctx, {
      ...told,
      createHead: () => createEnvelope('chatcmpl-', request.turn.model),
      start: (signal, onPlace) => options.gateway.answer(request, signal, onPlace),
    });
    const writing = answer.then((begun) => ({ ...begun, envelope: head }));
    if (stream) await sendStream(encodeChatStream(writing, style));
    else await sendWhole(encodeChatCompletion(await writing, style));
  };
}
