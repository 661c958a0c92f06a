import type { Log } from '../../base/log.ts';
import type { ResponseEnvelope } from '../../openai/responses/response/response-writing.ts';
import { createAnswering } from '../edge/answering.ts';
import type { Context, Middleware } from '../requests/context.ts';
import { readIdempotency } from '../requests/idempotency.ts';
import { createRequestRecord } from '../requests/request-record.ts';
import { frameEvents } from './frame-events.ts';
import type { Keep, PreparedResponse, Responder } from './responder.ts';
import { createTellStored, type StoredOptions } from './tell-stored.ts';

export interface ResponsesOptions extends StoredOptions {
  readonly log: Log;
  readonly responder: Responder;
}

/** `POST /v1/responses` */
export function createResponse(options: ResponsesOptions): Middleware {
  const { responder, background, log } = options;
  const tellStored = createTellStored(options);
  const answering = createAnswering<ResponseEnvelope>(options);

  async function answer(ctx: Context, prepared: PreparedResponse) {
    const { record } = ctx.state;
    const { head, answer, sendStream, sendWhole, outlivesReader } = await answering.begin(ctx, prepared);
    record.note({ response: head.id });
    const keep: Keep = async (response) => {
      // A client that leaves takes its own stream along, and not the answer that the same request has, sent again.
      const isLeft = response.status === 'cancelled' && outlivesReader();
      if (!isLeft) await prepared.save(response);
    };
    const told = prepared.tell(head, answer, keep);
    if (prepared.stream) return await sendStream(frameEvents(told.stream(record.fail)));
    await answer;
    const { body, fail } = told.whole(record.fail);
    await sendWhole(body, fail);
  }

  async function answerLater(ctx: Context, prepared: PreparedResponse) {
    const { requestId, record } = ctx.state;
    answering.announce(ctx, prepared);
    const later = createRequestRecord(log, requestId);
    const id = await background.start(prepared, await readIdempotency(ctx), later);
    record.note({ response: id, background: true });
    const { stream, style } = prepared;
    await tellStored(ctx, id, { stream, include: style.include, startingAfter: -1 });
  }

  return async (ctx) => {
    const { request, state } = ctx;
    const prepared = await responder.prepare(request.body, answering.policyFor(ctx), state.signal);
    await (prepared.background ? answerLater : answer)(ctx, prepared);
  };
}
