import { runInSlices } from '../../base/async/steps.ts';
import { askForSummary, readSummary } from '../../gateway/state/compaction.ts';
import type { Sealing } from '../../conversation/ports/sealing.ts';
import { limitSize } from '../../openai/vocabulary/limit-size.ts';
import { decodeCompactRequest } from '../../openai/responses/request/decode-compact.ts';
import {
  createCompactionEnvelope,
  encodeCompaction,
  type CompactionEnvelope,
} from '../../openai/responses/response/encode-compaction.ts';
import { createAnswering, type AnsweringOptions } from '../edge/answering.ts';
import type { Middleware } from '../requests/context.ts';
import { readReferences } from '../../openai/items/read-references.ts';
import type { Recollect } from './recollect.ts';

export interface CompactionOptions extends AnsweringOptions {
  readonly sealing: Sealing;
  readonly recollect: Recollect;
}

/** `POST /v1/responses/compact`. It is kept nowhere: the answer holds all that takes the conversation's place. */
export function compactResponse(options: CompactionOptions): Middleware {
  const { gateway, sealing, recollect } = options;
  const { policyFor, begin } = createAnswering<CompactionEnvelope>(options);
  return async (ctx) => {
    const body: unknown = ctx.request.body;
    // A conversation is no field of such a body: what is left out there must not be recalled here.
    const references = { ...readReferences(body), conversationId: undefined };
    const { recollection, unseal } = await recollect(references);
    const decoding = decodeCompactRequest(body, policyFor(ctx), recollection, unseal);
    const { turn, input, ...told } = await runInSlices(decoding, ctx.state.signal);
    const { head, answer, sendWhole } = await begin(ctx, {
      ...told,
      createHead: createCompactionEnvelope,
      start: (signal) => gateway.answer(askForSummary(turn), signal),
    });
    const conversation = [...recollection.history, ...input];
    const { events } = await answer;
    const compaction = readSummary(limitSize(events)).then(({ text, usage }) =>
      encodeCompaction({ envelope: head, conversation, sealed: sealing.seal(text), usage }),
    );
    await sendWhole(compaction);
  };
}
