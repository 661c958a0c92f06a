import type { Observer } from '../../../base/observation.ts';
import type { Context, Middleware } from '../../requests/context.ts';
import { createRequestRecord } from '../../requests/request-record.ts';
import { createAnswers } from '../request/answer-request.ts';
import { announceNotices, policyFor } from '../request/headers.ts';
import { readIdempotency } from '../request/idempotency.ts';
import { frameEvents } from './frame-events.ts';
import type { PreparedResponse, PrepareResponse, RunningResponse } from './prepare-response.ts';
import { createSendStored, type StoredOptions } from './send-stored-response.ts';

export interface ResponsesOptions extends StoredOptions {
  readonly observer: Observer;
  readonly prepareResponse: PrepareResponse;
}

/** Answers `POST /v1/responses`. */
export function createResponse(options: ResponsesOptions): Middleware {
  const { prepareResponse, background, observer } = options;
  const answers = createAnswers(options);
  const sendStored = createSendStored(options);

  async function answerNow(ctx: Context, prepared: PreparedResponse) {
    const { record } = ctx.state;
    const pending = await answers.begin(ctx, prepared);
    const { head, answer, outlivesReader } = pending;
    record.note({ response: head.id });
    const running: RunningResponse = {
      head,
      answer,
      onFailure: record.fail,
      async saveState(response) {
        // A client that leaves ends its own stream, but the answer goes on if a copy of its request still reads it.
        const answerGoesOn = response.status === 'cancelled' && outlivesReader();
        if (!answerGoesOn) await prepared.save(response);
      },
    };
    if (prepared.stream) return await pending.sendStream(frameEvents(prepared.encodeStream(running)));
    await answer;
    const { body, fail } = prepared.encodeJson(running);
    await pending.sendJson(body, fail);
  }

  async function answerInBackground(ctx: Context, prepared: PreparedResponse) {
    const { requestId, record } = ctx.state;
    announceNotices(ctx, prepared);
    const ownRecord = createRequestRecord(observer, requestId);
    const id = await background.start(prepared, await readIdempotency(ctx), ownRecord);
    record.note({ response: id, background: true });
    const { stream, presentation } = prepared;
    await sendStored(ctx, id, { stream, include: presentation.include, startingAfter: -1 });
  }

  return async (ctx) => {
    const source = { caller: ctx.state.caller?.id, strict: policyFor(ctx, options.policy).strict };
    const prepared = await prepareResponse(ctx.request.body, source, ctx.state.signal);
    await (prepared.background ? answerInBackground : answerNow)(ctx, prepared);
  };
}
